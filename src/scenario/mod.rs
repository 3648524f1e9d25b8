//! What the person meant to do. Every part is optional: a rule that lacks its part says so.

mod call;
mod command_line;

pub use crate::catalog::Cloud;
pub use call::{ApiVersion, Call, CallError, MAX_CALL_BYTES, Service};

use serde::Deserialize;

/// What the person meant to do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case", default)]
pub struct Scenario {
    /// How the token was acquired.
    pub flow: Option<Flow>,
    /// What kind of application acts.
    pub client: Option<Client>,
    /// Intended calls: method and path, or the full address.
    #[serde(deserialize_with = "one_or_many")]
    pub calling: Vec<String>,
    /// The national cloud.
    pub cloud: Option<Cloud>,
    /// What is being called.
    pub resource: Option<Resource>,
    /// The tenant that the person believes they use: GUID, domain name or `common`.
    pub tenant: Option<String>,
    /// The client ID that the person believes they use.
    pub client_id: Option<String>,
    /// The library in use, free text.
    pub library: Option<String>,
}

/// `calling` may be one string or a list of strings.
fn one_or_many<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Option::<OneOrMany>::deserialize(deserializer)? {
        None => Vec::new(),
        Some(OneOrMany::One(call)) => vec![call],
        Some(OneOrMany::Many(calls)) => calls,
    })
}

/// Declares an enum of named choices: the names in reports, flags and scenario files are the kebab-case ones.
macro_rules! choices {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// All choices, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in reports, flags and scenario files.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The choice of that name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|choice| choice.name() == name)
            }
        }
    };
}

choices! {
    /// How a token is acquired.
    Flow {
        /// Authorization code grant, with PKCE where the client is public.
        AuthorizationCode = "authorization-code",
        /// Implicit grant (legacy).
        Implicit = "implicit",
        /// Client credentials grant: the app itself.
        ClientCredentials = "client-credentials",
        /// On-behalf-of: a web API passes its caller on.
        OnBehalfOf = "on-behalf-of",
        /// Device authorization grant.
        DeviceCode = "device-code",
        /// Resource owner password credentials.
        Ropc = "ropc",
        /// Integrated Windows authentication.
        IntegratedWindows = "integrated-windows",
        /// Managed identity of an Azure resource.
        ManagedIdentity = "managed-identity",
        /// Workload identity federation: a token of another issuer is exchanged.
        WorkloadIdentity = "workload-identity",
        /// Refresh token grant.
        RefreshToken = "refresh-token",
        /// Silent renewal, from a cache or in a hidden frame.
        Silent = "silent",
    }
}

impl Flow {
    /// True of the flows in which no user takes part.
    pub const fn is_app_only(self) -> bool {
        matches!(self, Self::ClientCredentials | Self::ManagedIdentity | Self::WorkloadIdentity)
    }
}

choices! {
    /// What kind of application acts.
    Client {
        /// Single-page application.
        Spa = "spa",
        /// Web application with a server.
        WebApp = "web-app",
        /// Web API that calls another.
        WebApi = "web-api",
        /// Desktop or console application with a user.
        Desktop = "desktop",
        /// Mobile application.
        Mobile = "mobile",
        /// Daemon, service or script without a user.
        Daemon = "daemon",
    }
}

choices! {
    /// What is being called.
    Resource {
        /// Microsoft Graph.
        Graph = "graph",
        /// An API of the person's own organisation.
        OwnApi = "own-api",
        /// Azure Resource Manager.
        AzureManagement = "azure-management",
        /// SharePoint REST.
        Sharepoint = "sharepoint",
        /// Azure AD Graph, retired.
        AzureAdGraph = "azure-ad-graph",
        /// Anything else.
        Other = "other",
    }
}
