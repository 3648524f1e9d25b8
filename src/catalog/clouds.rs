//! The national clouds.

use serde::Deserialize;

/// A national cloud: tenants, sign-in hosts and Graph hosts of one do not work with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cloud {
    /// Worldwide, GCC included.
    Global,
    /// US Government L4 (GCC High).
    UsGov,
    /// US Government L5 (DoD).
    UsGovDod,
    /// China, operated by 21Vianet.
    China,
}

impl Cloud {
    /// All clouds.
    pub const ALL: &'static [Self] = &[Self::Global, Self::UsGov, Self::UsGovDod, Self::China];

    /// The name in reports, flags and scenario files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::UsGov => "us-gov",
            Self::UsGovDod => "us-gov-dod",
            Self::China => "china",
        }
    }

    /// The cloud of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|cloud| cloud.name() == name)
    }
}
