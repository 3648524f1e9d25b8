//! What the person meant to do. Every part is optional: a rule that lacks its part says so.

mod call;
mod cmdlet;
mod command_line;
mod guide;
mod read;
mod sdk;

pub use crate::catalog::Cloud;
pub use call::{ApiVersion, Call, CallError, MAX_CALL_BYTES, Service};
pub(crate) use cmdlet::{Cmdlet, Variant};
pub use guide::{Accounts, Authority, Claim, FlowGuide, Line, Mistake, Reference, guide, guides};
pub use read::ScenarioError;

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
    #[serde(deserialize_with = "read::calls")]
    pub calling: Vec<String>,
    /// The national cloud.
    #[serde(deserialize_with = "read::cloud")]
    pub cloud: Option<Cloud>,
    /// What is being called.
    pub resource: Option<Resource>,
    /// The tenant that the person believes they use: GUID, domain name or `common`.
    #[serde(deserialize_with = "read::text")]
    pub tenant: Option<String>,
    /// The client ID that the person believes they use.
    #[serde(deserialize_with = "read::text")]
    pub client_id: Option<String>,
    /// The library in use, free text.
    #[serde(deserialize_with = "read::text")]
    pub library: Option<String>,
}

impl Scenario {
    /// The flow that was named, or else the one that the kind of client suggests: a daemon has no user, so client
    /// credentials; a web API passes its caller on; everything else signs a user in with an authorization code.
    pub fn likely_flow(&self) -> Option<Flow> {
        self.flow.or_else(|| self.client.map(Client::usual_flow))
    }

    /// The intended calls, each taken apart or with the reason why it cannot be read.
    pub fn calls(&self) -> impl Iterator<Item = Result<Call, CallError>> {
        self.calling.iter().map(|text| Call::parse(text))
    }
}

/// Declares an enum of named choices: the names in reports, flags and scenario files are the kebab-case ones.
macro_rules! choices {
    ($(#[$meta:meta])* $name:ident as $key:literal { $($(#[$doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$doc])* $variant),+ }

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

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                read::choice(deserializer, $key, Self::ALL, Self::name)
            }
        }
    };
}

choices! {
    /// How a token is acquired.
    Flow as "flow" {
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
    Client as "client" {
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

impl Client {
    /// The flow that such an application mostly uses.
    pub const fn usual_flow(self) -> Flow {
        match self {
            Self::Daemon => Flow::ClientCredentials,
            Self::WebApi => Flow::OnBehalfOf,
            Self::Spa | Self::WebApp | Self::Desktop | Self::Mobile => Flow::AuthorizationCode,
        }
    }

    /// The kind in words, without article: "single-page application".
    pub const fn words(self) -> &'static str {
        match self {
            Self::Spa => "single-page application",
            Self::WebApp => "web application",
            Self::WebApi => "web API",
            Self::Desktop => "desktop application",
            Self::Mobile => "mobile application",
            Self::Daemon => "daemon",
        }
    }
}

choices! {
    /// What is being called.
    Resource as "resource" {
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
