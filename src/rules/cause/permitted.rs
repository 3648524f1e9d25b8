//! What the token may do: what an error says of permissions, roles, memberships and policies, and of the token itself.

mod advice;
mod signs;

pub(super) use advice::ADVICE;
pub(super) use signs::{GATEWAY, contradicts, least};

use super::{Cause, Group, Rule, rule_of_errors, said, usual};
use crate::extract::ArtefactKind;
use crate::report::Fixer;
use crate::scenario::Flow;
use signs::{
    acts_like_the_user, at_a_console, by_cmdlet, changed_lately, changes_something, denied, fixed_client,
    granted_today, groups_content, holds_a_marker, holds_nothing, in_teams, in_the_directory, lists_application_only,
    names_permissions, needs_administrator, personal, protected, refused, speaks_of_application, speaks_of_delegated,
    stated_falls_short, takes_apps_only, takes_no_personal_accounts, takes_users_only, token_suffices,
};

const REQUEST_DENIED: &str = "https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/troubleshoot-authorization-requestdenied-graph-api";
const AUTH_ERRORS: &str = "https://learn.microsoft.com/graph/resolve-auth-errors";
const PERMISSIONS: &str = "https://learn.microsoft.com/graph/permissions-overview";
const ROLES: &str = "https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference";

const fn rule(id: &'static str, fixer: Fixer, means: &'static str, sources: &'static [&'static str]) -> Rule {
    rule_of_errors(id, Group::Permission, fixer, means, sources)
}

pub(in crate::rules) const CALLER_LACKS_DIRECTORY_ROLE: Rule = rule(
    "caller-lacks-directory-role",
    Fixer::TenantAdmin,
    "With a delegated token an app can do no more than the user may do. The scope is there, but the operation is \
     reserved for administrators, and the user who signed in holds no directory role that covers it.",
    &[REQUEST_DENIED, ROLES],
);

pub(in crate::rules) const APP_LACKS_DIRECTORY_ROLE: Rule = rule(
    "app-lacks-directory-role",
    Fixer::TenantAdmin,
    "Some operations need more than a Graph permission, whoever asks: to reset passwords, or to change or delete \
     users who hold administrator roles. For those the service principal itself has to hold a directory role.",
    &["https://learn.microsoft.com/graph/api/resources/users", REQUEST_DENIED],
);

pub(in crate::rules) const USER_NOT_MEMBER_OF_GROUP: Rule = rule(
    "user-not-member-of-group",
    Fixer::User,
    "Planner, Teams and group content belong to the members of the group. The token holds the scope, but the user \
     who signed in is neither member nor owner, and not even an administrator role helps there.",
    &["https://learn.microsoft.com/graph/api/resources/planner-overview", PERMISSIONS],
);

pub(in crate::rules) const RSC_PERMISSION_NOT_GRANTED_IN_TEAM: Rule = rule(
    "rsc-permission-not-granted-in-team",
    Fixer::TenantAdmin,
    "Resource-specific consent gives an app a permission in one team or chat, at the moment it is installed there. \
     In this team the app is not installed, or a version of it that did not ask for this permission yet.",
    &["https://learn.microsoft.com/microsoftteams/platform/graph-api/rsc/resource-specific-consent", PERMISSIONS],
);

pub(in crate::rules) const EXCHANGE_EWS_APPLICATION_ACCESS_POLICY: Rule = rule(
    "exchange-ews-application-access-policy",
    Fixer::TenantAdmin,
    "Besides the permissions of Graph, Exchange has limits of its own: an application access policy, or role-based \
     access for applications, names the mailboxes that an app may open, and a list of allowed clients can shut out \
     the rest. Here one of them says no.",
    &["https://learn.microsoft.com/graph/auth-limit-mailbox-access", AUTH_ERRORS],
);

pub(in crate::rules) const TEAMS_APPLICATION_ACCESS_POLICY_MISSING: Rule = rule(
    "teams-application-access-policy-missing",
    Fixer::TenantAdmin,
    "An app without a user reaches online meetings only of people for whom an administrator of Teams has granted it an \
     application access policy. The Graph permission alone does not suffice.",
    &["https://learn.microsoft.com/graph/cloud-communication-online-meeting-application-access-policy", AUTH_ERRORS],
);

pub(in crate::rules) const STALE_CACHED_TOKEN_AFTER_PERMISSION_CHANGE: Rule = rule(
    "stale-cached-token-after-permission-change",
    Fixer::AppDeveloper,
    "A token holds the permissions of the moment it was issued. Libraries and command lines keep it for an hour or \
     longer and hand it out again, so a permission that was granted since then is not in it.",
    &[REQUEST_DENIED, "https://learn.microsoft.com/entra/identity-platform/msal-acquire-cache-tokens"],
);

pub(in crate::rules) const MANAGED_IDENTITY_TOKEN_CACHED: Rule = rule(
    "managed-identity-token-cached",
    Fixer::AppDeveloper,
    "Azure keeps the tokens of managed identities for about a day for each API, and nothing makes it renew one \
     early. A role that was granted meanwhile shows only in the next token.",
    &[
        "https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identity-best-practice-recommendations",
        PERMISSIONS,
    ],
);

pub(super) const CAUSES: &[Cause] = &[
    // Microsoft Entra refuses, without naming the permission.
    Cause {
        when: |case| denied(case) && case.is_app_only(),
        reason: "no user takes part, so only application permissions count",
        question: "does roles of the token name {permissions}, or another one that the page of the call lists under \
                   Application?",
        ..usual("missing-app-permission", &[], 70)
    },
    Cause {
        when: |case| denied(case) && case.is_app_only(),
        reason: "no user takes part, and delegated permissions do not count then",
        question: "does API permissions show the type Application, or Delegated?",
        ..usual("delegated-instead-of-application", &[], 66)
    },
    Cause {
        when: |case| (denied(case) || refused(case)) && case.is_app_only() && speaks_of_delegated(case),
        reason: "no user takes part, and the permissions that the paste names are those of users",
        ..usual("delegated-instead-of-application", &[], 74)
    },
    Cause {
        when: |case| (denied(case) || refused(case)) && case.is_delegated() && speaks_of_application(case),
        reason: "a user takes part, and the permissions that the paste names are those of apps",
        ..usual("application-instead-of-delegated", &[], 74)
    },
    Cause {
        when: |case| (denied(case) || refused(case)) && takes_users_only(case),
        reason: "the table of permissions has none for apps under {call}",
        ..usual("call-needs-signed-in-user", &[], 78)
    },
    Cause {
        when: |case| (denied(case) || refused(case)) && takes_apps_only(case),
        reason: "the table of permissions has none for users under {call}",
        ..usual("call-needs-app-only", &[], 78)
    },
    Cause {
        when: |case| (denied(case) || refused(case)) && case.is_app_only() && stated_falls_short(case),
        reason: "none of the permissions that the paste names opens {call}",
        ..usual("missing-app-permission", &[], 80)
    },
    Cause {
        when: |case| (denied(case) || refused(case)) && case.is_delegated() && stated_falls_short(case),
        reason: "none of the permissions that the paste names opens {call}",
        ..usual("missing-delegated-scope", &[], 80)
    },
    Cause {
        when: |case| {
            (denied(case) || refused(case))
                && case.is_delegated()
                && stated_falls_short(case)
                && at_a_console(case)
                && !fixed_client(case)
        },
        fixer: Some(Fixer::User),
        reason: "none of the permissions that the paste names opens {call}",
        ..usual("missing-delegated-scope", &[], 81)
    },
    Cause {
        when: |case| denied(case) && case.is_delegated() && acts_like_the_user(case),
        reason: "Directory.AccessAsUser.All lets an app do what its user may, so it is the user who may not",
        ..usual("caller-lacks-directory-role", &[], 83)
    },
    Cause {
        when: |case| (denied(case) || refused(case)) && changed_lately(case),
        reason: "the paste tells of a change just before, and a token keeps what it was issued with",
        question: "is iat of the token before the moment of the change?",
        ..usual("stale-cached-token-after-permission-change", &[], 82)
    },
    Cause {
        when: |case| case.flow_is(&[Flow::ManagedIdentity]) && (denied(case) || refused(case)) && changed_lately(case),
        reason: "the paste tells of a change just before, and Azure keeps tokens of managed identities for about a day",
        question: "was the role granted before iat of the token?",
        ..usual("managed-identity-token-cached", &[], 84)
    },
    Cause {
        when: |case| case.flow_is(&[Flow::ManagedIdentity]) && (denied(case) || refused(case)) && granted_today(case),
        reason: "the paste tells of a grant some hours before, and Azure keeps tokens of managed identities for about a \
                 day",
        question: "was the role granted before iat of the token?",
        ..usual("managed-identity-token-cached", &[], 83)
    },
    Cause {
        when: |case| denied(case) && case.is_app_only() && protected(case),
        reason: "an operation on users that a permission alone does not open",
        question: "does roles of the token name the permission already?",
        ..usual("app-lacks-directory-role", &[], 72)
    },
    Cause { when: |case| denied(case) && case.is_app_only(), ..usual("app-lacks-directory-role", &[], 46) },
    Cause {
        when: |case| case.flow_is(&[Flow::ManagedIdentity]) && (denied(case) || refused(case)),
        reason: "the token is of a managed identity, and Azure keeps it for about a day",
        question: "was the role granted before iat of the token?",
        ..usual("managed-identity-token-cached", &[], 68)
    },
    Cause {
        when: |case| denied(case) && case.is_delegated() && !fixed_client(case),
        question: "does scp of the token name a permission that the page of the call lists under Delegated?",
        ..usual("missing-delegated-scope", &[], 68)
    },
    Cause {
        when: |case| (denied(case) || refused(case)) && at_a_console(case) && !fixed_client(case),
        fixer: Some(Fixer::User),
        reason: "somebody at a console asks for scopes, and these did not suffice",
        question: "does scp of the token name a permission that the page of the call lists under Delegated?",
        ..usual("missing-delegated-scope", &[], 69)
    },
    Cause {
        when: |case| denied(case) && case.is_delegated() && changes_something(case),
        reason: "the call changes something in the directory, and the user has to be allowed to",
        question: "which directory role does the user hold (wids of the token, My account, Assigned roles)?",
        ..usual("caller-lacks-directory-role", &[], 64)
    },
    Cause {
        when: |case| denied(case) && case.is_delegated(),
        question: "which directory role does the user hold (wids of the token)?",
        ..usual("caller-lacks-directory-role", &[], 58)
    },
    Cause {
        when: |case| denied(case) && case.is_delegated() && token_suffices(case),
        reason: "the token holds the permission that {call} needs",
        ..usual("caller-lacks-directory-role", &[], 88)
    },
    Cause {
        when: |case| denied(case) && case.is_app_only() && token_suffices(case),
        reason: "the token holds the permission that {call} needs",
        ..usual("app-lacks-directory-role", &[], 88)
    },
    Cause {
        when: |case| denied(case) && case.is_delegated() && fixed_client(case) && in_the_directory(case),
        reason: "the command lines of Azure may do in the directory what their user may",
        ..usual("caller-lacks-directory-role", &[], 72)
    },
    Cause {
        when: |case| (denied(case) || refused(case)) && case.is_delegated() && fixed_client(case),
        fixer: Some(Fixer::User),
        reason: "a command line of Microsoft is used, whose scopes are fixed",
        ..usual("first-party-client-lacks-graph-scope", &[], 67)
    },
    Cause {
        when: |case| names_permissions(case) && !case.is_app_only() && fixed_client(case),
        fixer: Some(Fixer::User),
        reason: "a command line of Microsoft is used, whose scopes are fixed, and the service names one that is not \
                 among them",
        ..usual("first-party-client-lacks-graph-scope", &[], 92)
    },
    Cause {
        when: |case| denied(case) && case.is_delegated(),
        question: "does API permissions show the type Delegated, or Application?",
        ..usual("application-instead-of-delegated", &[], 48)
    },
    Cause {
        when: |case| (denied(case) || refused(case)) && (case.is_app_only() || case.is_delegated()),
        question: "is iat of the token before the moment of the change?",
        ..usual("stale-cached-token-after-permission-change", &[], 50)
    },
    // Who acts is not known: most often a permission is missing, be it of the one kind or of the other.
    Cause {
        when: |case| denied(case) || refused(case),
        question: "is iat of the token before the moment of the change?",
        ..usual("stale-cached-token-after-permission-change", &[], 44)
    },
    Cause {
        when: |case| (denied(case) || refused(case)) && at_a_console(case),
        fixer: Some(Fixer::User),
        question: "is iat of the token before the moment of the change?",
        ..usual("stale-cached-token-after-permission-change", &[], 51)
    },
    Cause {
        when: |case| denied(case) && !case.is_app_only() && by_cmdlet(case),
        reason: "Microsoft Graph PowerShell acts for a signed-in user unless it is told otherwise",
        ..usual("missing-delegated-scope", &[], 47)
    },
    Cause { when: denied, ..usual("missing-app-permission", &[], 46) },
    Cause { when: denied, ..usual("missing-delegated-scope", &[], 45) },
    said("caller-lacks-directory-role", &["only be performed by an administrator"], 93),
    said("caller-lacks-directory-role", &["user is not in the allowed roles"], 93),
    said("caller-lacks-directory-role", &["does not have any of the required roles"], 90),
    said("caller-lacks-directory-role", &["not a member of any role"], 90),
    said("caller-lacks-directory-role", &["not have the required directory role"], 90),
    usual("caller-lacks-directory-role", &["Authentication_RequestFromUnsupportedUserRole"], 93),
    // Services behind Graph refuse.
    Cause {
        when: |case| refused(case) && case.is_app_only(),
        reason: "no user takes part, so only application permissions count",
        question: "does roles of the token name a permission that the page of the call lists under Application?",
        ..usual("missing-app-permission", &[], 68)
    },
    Cause {
        when: |case| refused(case) && case.is_app_only(),
        question: "does API permissions show the type Application, or Delegated?",
        ..usual("delegated-instead-of-application", &[], 56)
    },
    Cause {
        when: |case| refused(case) && case.is_delegated(),
        question: "does scp of the token name a permission that the page of the call lists under Delegated?",
        ..usual("missing-delegated-scope", &[], 66)
    },
    Cause {
        when: |case| refused(case) && case.is_delegated() && groups_content(case) && token_suffices(case),
        reason: "the token holds the permission, and the content belongs to the members of a group",
        ..usual("user-not-member-of-group", &[], 84)
    },
    Cause {
        when: |case| refused(case) && case.is_delegated() && groups_content(case),
        reason: "the content belongs to the members of a group",
        question: "is the user a member or owner of the group?",
        ..usual("user-not-member-of-group", &[], 60)
    },
    Cause { when: |case| refused(case) && case.is_delegated(), ..usual("caller-lacks-directory-role", &[], 46) },
    Cause {
        when: |case| refused(case) && case.is_app_only() && in_teams(case),
        ..usual("rsc-permission-not-granted-in-team", &[], 54)
    },
    Cause {
        when: |case| case.has_code("ErrorAccessDenied") && case.is_app_only(),
        question: "does Test-ApplicationAccessPolicy -AppId {client-id} -Identity <mailbox> say Denied?",
        ..usual("exchange-ews-application-access-policy", &[], 58)
    },
    Cause {
        when: |case| {
            case.is_app_only()
                && case.paste_says_any(&[
                    "applicationaccesspolicy",
                    "application access policy",
                    "rbac for applications",
                    "managementscope",
                ])
        },
        reason: "the paste speaks of a policy that limits the app to some mailboxes",
        ..usual("exchange-ews-application-access-policy", &["ErrorAccessDenied"], 84)
    },
    said("exchange-ews-application-access-policy", &["access to odata is disabled"], 93),
    said("exchange-ews-application-access-policy", &["[raop]"], 95),
    said("exchange-ews-application-access-policy", &["blocked by tenant configured"], 94),
    said("exchange-ews-application-access-policy", &["exchange web services", "blocked"], 84),
    said("teams-application-access-policy-missing", &["no application access policy found"], 95),
    said("teams-application-access-policy-missing", &["is not authorized to", "on behalf of user"], 92),
    said("teams-application-access-policy-missing", &["application access policy", "meeting"], 80),
    said("teams-application-access-policy-missing", &["not allowed to perform operations on the user"], 92),
    said("user-not-member-of-group", &["do not have the required permissions to access this item"], 84),
    said("user-not-member-of-group", &["aclcheckfailed"], 84),
    said("user-not-member-of-group", &["is not a member"], 82),
    said("user-not-member-of-group", &["not a member of the"], 82),
    said("user-not-member-of-group", &["not part of the"], 70),
    said("user-not-member-of-group", &["notinroster"], 84),
    Cause {
        words: &["failed to execute skype backend request"],
        when: |case| !case.is_app_only(),
        reason: "Teams does not show the team or chat to this user",
        ..usual("user-not-member-of-group", &[], 78)
    },
    Cause {
        words: &["failed to execute skype backend request"],
        when: |case| case.is_app_only(),
        ..usual("rsc-permission-not-granted-in-team", &[], 72)
    },
    // The message names what is missing.
    Cause {
        when: holds_a_marker,
        reason: "what the app holds is a permission for single teams",
        ..usual("rsc-permission-not-granted-in-team", &[], 92)
    },
    Cause {
        words: &["missing role permissions"],
        reason: "it names what would do: {permissions}",
        ..usual("missing-app-permission", &[], 88)
    },
    Cause {
        words: &["missing role permissions"],
        when: holds_nothing,
        reason: "the token holds no application permission at all",
        ..usual("delegated-instead-of-application", &[], 62)
    },
    Cause { words: &["missing role permissions", ".group"], ..usual("rsc-permission-not-granted-in-team", &[], 58) },
    Cause { words: &["missing role permissions", ".chat"], ..usual("rsc-permission-not-granted-in-team", &[], 56) },
    Cause {
        words: &["missing scope permissions"],
        reason: "it names what would do: {permissions}",
        ..usual("missing-delegated-scope", &[], 90)
    },
    Cause {
        words: &["missing scope permissions"],
        when: at_a_console,
        fixer: Some(Fixer::User),
        reason: "it names what would do: {permissions}",
        ..usual("missing-delegated-scope", &[], 91)
    },
    Cause {
        words: &["missing scope permissions"],
        when: holds_nothing,
        ..usual("application-instead-of-delegated", &[], 60)
    },
    Cause {
        words: &["missing scope permissions"],
        when: lists_application_only,
        reason: "all permissions that the paste lists are of the type Application",
        ..usual("application-instead-of-delegated", &[], 92)
    },
    Cause {
        when: |case| names_permissions(case) && !case.is_app_only(),
        reason: "it names what is missing: {permissions}",
        ..usual("missing-delegated-scope", &[], 88)
    },
    Cause {
        when: |case| names_permissions(case) && at_a_console(case),
        fixer: Some(Fixer::User),
        reason: "it names what is missing: {permissions}",
        ..usual("missing-delegated-scope", &[], 89)
    },
    Cause {
        when: |case| names_permissions(case) && !case.is_app_only() && needs_administrator(case),
        fixer: Some(Fixer::TenantAdmin),
        reason: "it names what is missing, {permissions}, to which only administrators consent",
        ..usual("missing-delegated-scope", &[], 90)
    },
    Cause {
        when: |case| names_permissions(case) && case.is_app_only(),
        reason: "it names what is missing: {permissions}",
        ..usual("missing-app-permission", &[], 90)
    },
    Cause {
        words: &["missing application roles"],
        reason: "it names what would do: {permissions}",
        ..usual("missing-app-permission", &[], 88)
    },
    Cause {
        when: |case| case.is_app_only(),
        reason: "an app-only token without roles that the service knows",
        ..usual("missing-app-permission", &["NoPermissionsInAccessToken"], 86)
    },
    Cause {
        when: |case| case.is_app_only(),
        reason: "an app-only token without roles that the service knows",
        question: "does API permissions show the type Application, or Delegated?",
        ..usual("delegated-instead-of-application", &["NoPermissionsInAccessToken"], 70)
    },
    Cause {
        when: |case| case.is_delegated(),
        reason: "a delegated token without scopes that the service knows",
        ..usual("missing-delegated-scope", &["NoPermissionsInAccessToken"], 86)
    },
    usual("missing-app-permission", &["NoPermissionsInAccessToken"], 60),
    said("missing-app-permission", &["scp or roles claim"], 80),
    Cause {
        words: &["scp or roles claim"],
        when: |case| case.is_app_only(),
        reason: "an app-only token without roles",
        ..usual("missing-app-permission", &[], 86)
    },
    Cause {
        words: &["scp or roles claim"],
        when: |case| case.is_delegated(),
        reason: "a delegated token without scopes",
        ..usual("missing-delegated-scope", &[], 82)
    },
    said("delegated-instead-of-application", &["scp or roles claim"], 50),
    Cause {
        when: |case| case.is_delegated(),
        ..usual("missing-delegated-scope", &["IDW10201", "IDW10203", "insufficient_scope"], 60)
    },
    // The kind of token does not fit the call.
    said("me-endpoint-with-app-only-token", &["/me request is only valid"], 94),
    said("me-endpoint-with-app-only-token", &["current authenticated context is not valid"], 93),
    Cause {
        words: &["resource not found for the segment"],
        when: |case| case.is_app_only(),
        reason: "no user takes part, and the path names none",
        ..usual("me-endpoint-with-app-only-token", &[], 84)
    },
    Cause {
        when: |case| case.is_app_only() && case.call().is_some_and(|call| call.is_me()),
        reason: "the call is on /me, and no user takes part",
        ..usual(
            "me-endpoint-with-app-only-token",
            &["BadRequest", "Request_ResourceNotFound", "ErrorAccessDenied", "Authorization_RequestDenied"],
            84,
        )
    },
    Cause {
        when: |case| {
            case.is_app_only()
                && case.call().is_some_and(|call| call.is_me())
                && case.kind == ArtefactKind::GraphError
                && !case.message.trim().is_empty()
                && !case.has_code("InvalidAuthenticationToken")
        },
        reason: "the call is on /me, and no user takes part",
        ..usual("me-endpoint-with-app-only-token", &[], 83)
    },
    said("call-needs-signed-in-user", &["not supported in application-only context"], 92),
    // Sending messages as an app, which Teams lets those do that move old messages there.
    said("call-needs-signed-in-user", &["allowed in application-only context only for"], 92),
    said("call-needs-signed-in-user", &["application-only", "not supported"], 80),
    said("call-needs-signed-in-user", &["app-only", "not supported"], 80),
    said("call-needs-signed-in-user", &["application permission", "not supported"], 78),
    said("call-needs-signed-in-user", &["requires a signed-in user"], 84),
    Cause {
        when: |case| case.is_app_only(),
        reason: "OneNote takes no tokens of apps alone",
        ..usual("call-needs-signed-in-user", &["40001", "40002", "40004", "40006"], 70)
    },
    Cause { words: &["only supported in application-only context"], ..usual("call-needs-app-only", &[], 92) },
    said("call-needs-app-only", &["not supported for delegated"], 84),
    said("call-needs-app-only", &["only application permissions"], 84),
    said("call-needs-app-only", &["not supported in delegated context"], 90),
    Cause {
        when: |case| (denied(case) || refused(case)) && personal(case) && takes_no_personal_accounts(case),
        reason: "a personal account signed in, and the table of permissions has none for those under {call}",
        ..usual("permission-not-for-personal-account", &[], 86)
    },
    Cause {
        when: |case| takes_no_personal_accounts(case) || case.call().is_none(),
        reason: "the address inside the service is that of a personal account",
        ..said("permission-not-for-personal-account", &["users('cid:"], 84)
    },
    said("permission-not-for-personal-account", &["msa accounts"], 92),
    said("permission-not-for-personal-account", &["not supported for personal"], 90),
    said("permission-not-for-personal-account", &["personal microsoft account", "not supported"], 80),
];
