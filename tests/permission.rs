//! Which permissions a call needs: the table, the matcher, the verdict, against Microsoft's documentation.
#![allow(clippy::disallowed_methods, reason = "tests read files, and start the generator")]

use std::path::{Path, PathBuf};
use tokentriage::permission::{
    self, Answer, Catalogue, Caveat, Held, LoadError, Match, Method, NotSupported, Note, Remark, Scheme, Unmatched,
    Verdict,
};
use tokentriage::scenario::Call;

/// A folder next to the checkout, or the one that the variable names; says that the test was skipped if there is none.
fn beside(variable: &str, folder: &str, file: &str) -> Option<PathBuf> {
    let folder = match std::env::var_os(variable) {
        Some(named) => PathBuf::from(named),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(folder),
    };
    let path = folder.join(file);
    if !path.exists() {
        println!("skipped: {file} is not there (set {variable} to its folder)");
        return None;
    }
    Some(path)
}

fn call(text: &str) -> Call {
    Call::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn answer(text: &str) -> Answer<'static> {
    permission::embedded().answer(&call(text))
}

/// The fields of one line of CSV, quotes taken off.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut quoted) = (vec![String::new()], false);
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            other => fields.last_mut().unwrap().push(other),
        }
    }
    fields
}

#[test]
fn agrees_with_the_documentation() {
    let Some(path) = beside("TOKENTRIAGE_FACTS", "facts", "permissions/oracle_dev.csv") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let resource_specific =
        |name: &str| tokentriage::catalog::permission(name).is_some_and(|known| known.resource_specific);
    let (mut calls, mut missed) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
    let (mut pairs, mut present, mut rows, mut equal) = (0, 0, 0, 0);
    let (mut ordered, mut in_order) = (0, 0);
    for line in text.lines().skip(1) {
        let fields = fields(line);
        let [method, path, scheme, least, higher, ..] = fields.as_slice() else { panic!("{line}") };
        let scheme = match scheme.as_str() {
            "W" => Scheme::DelegatedWork,
            "P" => Scheme::DelegatedPersonal,
            _ => Scheme::Application,
        };
        let text = format!("{method} {path}");
        let mut answer = answer(&text);
        if answer.is_me && scheme == Scheme::Application {
            // A page has one table for all its addresses: what it says of applications it means of /users/{id}.
            answer = self::answer(&format!("{method} {}", path.replacen("/me", "/users/{id}", 1)));
        }
        calls.insert(text.clone());
        if matches!(answer.matched, Match::None(_)) {
            missed.insert(text);
            continue;
        }
        let documented: Vec<&str> = least.split(' ').chain(higher.split(' ')).filter(|name| !name.is_empty()).collect();
        // A pair is documented as two names.
        let claims: Vec<_> = answer.claims(scheme).collect();
        let listed: Vec<&str> = claims.iter().map(|claim| claim.permission).collect();
        let named =
            |name: &&&str| claims.iter().any(|claim| claim.permission == **name || claim.also_requires.contains(*name));
        pairs += documented.len();
        present += documented.iter().filter(named).count();
        if let (Some(first), Some(documented)) = (listed.first(), documented.first()) {
            rows += 1;
            equal += usize::from(first == documented);
        }
        let places: Vec<_> = documented
            .iter()
            .filter_map(|name| Some((listed.iter().position(|own| own == name)?, resource_specific(name))))
            .collect();
        for (at, (one, one_specific)) in places.iter().enumerate() {
            for (two, two_specific) in &places[at + 1..] {
                // Resource-specific permissions stand apart, so they are compared among themselves.
                if one_specific == two_specific && one != two {
                    ordered += 1;
                    in_order += usize::from(one < two);
                }
            }
        }
    }
    let share = |part: usize, whole: usize| part as f64 / whole as f64 * 100.0;
    let figures = [
        ("calls found", share(calls.len() - missed.len(), calls.len()), 99.3),
        ("documented pairs present", share(present, pairs), 98.0),
        ("least equal", share(equal, rows), 92.0),
        ("in documented order", share(in_order, ordered), 92.0),
    ];
    for (what, figure, wanted) in figures {
        println!("{what}: {figure:.2} % (at least {wanted} %)");
    }
    println!("not found: {missed:#?}");
    for (what, figure, wanted) in figures {
        assert!(figure >= wanted, "{what}: {figure:.2} %");
    }
}

/// Call | kind of match | template | least of delegated work | personal | application (joined by +, - for none).
const CALLS: &str = "\
GET /me | exact | /me | User.Read | User.Read | -
GET https://graph.microsoft.com/v1.0/me | exact | /me | User.Read | User.Read | -
get me/messages?$top=5 | exact | /me/messages | Mail.ReadBasic | Mail.ReadBasic | -
GET /beta/users?$select=id&$top=1 | exact | /users | User.ReadBasic.All | - | User.ReadBasic.All
GET /users/ada@contoso.example/messages | exact | /users/{id}/messages | Mail.ReadBasic | Mail.ReadBasic | Mail.ReadBasic.All
GET /users('ada@contoso.example')/messages | exact | /users/{id}/messages | Mail.ReadBasic | Mail.ReadBasic | Mail.ReadBasic.All
GET /users/x/mailFolders/inbox | exact | /users/{id}/mailfolders/{id} | Mail.ReadBasic | Mail.ReadBasic | Mail.ReadBasic.All
GET /users/x/mailFolders/inbox/messageRules | exact | /users/{id}/mailfolders/inbox/messagerules | MailboxSettings.Read | MailboxSettings.Read | MailboxSettings.Read
GET /me/mailFolders('Inbox')/messages | exact | /me/mailfolders/{id}/messages | Mail.ReadBasic | Mail.ReadBasic | -
POST /me/sendMail | exact | /me/sendmail | Mail.Send | Mail.Send | -
POST /users/x/sendMail | exact | /users/{id}/sendmail | Mail.Send | Mail.Send | Mail.Send
GET /me/calendarView?startDateTime=a&endDateTime=b | exact | /me/calendarview | Calendars.ReadBasic | Calendars.ReadBasic | -
GET /users/x/calendarView | exact | /users/{id}/calendarview | Calendars.ReadBasic | Calendars.ReadBasic | Calendars.Read
GET /me/calendars/c1 | exact | /me/calendars/{id} | Calendars.ReadBasic | Calendars.ReadBasic | -
PATCH /me/calendars/c1 | exact | /me/calendars/{id} | Calendars.ReadWrite | Calendars.ReadWrite | -
DELETE /me/messages/m1/attachments/a1 | exact | /me/messages/{id}/attachments/{id} | Mail.ReadWrite | Mail.ReadWrite | -
GET /me/calendar/events | exact | /me/calendar/events | Calendars.ReadBasic | Calendars.ReadBasic | -
GET /groups/g1/members | exact | /groups/{id}/members | GroupMember.Read.All | - | GroupMember.Read.All
GET /groups/g1/members/$count | inferred | /groups/{id}/members | GroupMember.Read.All | - | GroupMember.Read.All
GET /groups/g1/members/microsoft.graph.user | inferred | /groups/{id}/members | GroupMember.Read.All | - | GroupMember.Read.All
GET /groups/g1/members/graph.user | inferred | /groups/{id}/members | GroupMember.Read.All | - | GroupMember.Read.All
POST /groups/g1/members/$ref | exact | /groups/{id}/members/$ref | GroupMember.ReadWrite.All | - | GroupMember.ReadWrite.All
DELETE /groups/g1/members/u1/$ref | inferred | /groups/{id}/members/{id} | GroupMember.ReadWrite.All | - | GroupMember.ReadWrite.All
DELETE /groups/g1/members/u1 | exact | /groups/{id}/members/{id} | GroupMember.ReadWrite.All | - | GroupMember.ReadWrite.All
POST /groups/g1/owners/$ref | exact | /groups/{id}/owners/$ref | Group.ReadWrite.All | - | Group.ReadWrite.All
GET /me/photo/$value | inferred | /me/photo | User.Read | - | -
GET /applications(appId='00000003-0000-0000-c000-000000000000') | exact | /applications(appid={id}) | Application.Read.All | Application.Read.All | Application.Read.All
POST /applications(appId='x')/addPassword | exact | /applications(appid={id})/addpassword | Application.ReadWrite.All | Application.ReadWrite.All | Application.ReadWrite.OwnedBy
POST /applications/a1/addPassword | exact | /applications/{id}/addpassword | Application.ReadWrite.All | Application.ReadWrite.All | Application.ReadWrite.OwnedBy
POST /applications/a1/sponsors | exact | /applications/{id}/sponsors | Application.ReadWrite.All+User.Read.All | - | Application.ReadWrite.OwnedBy+User.Read.All
GET /servicePrincipals(appId='x')/memberOf | exact | /serviceprincipals(appid={id})/memberof | Application.Read.All | - | Application.Read.All
GET /users(userPrincipalName='ada@contoso.example') | inferred | /users/{id} | User.ReadBasic.All | User.Read | User.ReadBasic.All
GET /reports/getOffice365ActiveUserDetail(period='D7') | exact | /reports/getoffice365activeuserdetail(period={id}) | Reports.Read.All | - | Reports.Read.All
GET /reports/getPrinterArchivedPrintJobs(startDateTime=a,printerId='x,y',endDateTime=b) | exact | /reports/getprinterarchivedprintjobs(enddatetime={id},printerid={id},startdatetime={id}) | Reports.Read.All | - | -
GET /communications/callRecords/getPstnCalls(toDateTime=2,fromDateTime=1) | inferred | /communications/callrecords/getpstncalls | - | - | CallRecord-PstnCalls.Read.All
GET /users/delta() | exact | /users/delta | User.Read.All | - | User.Read.All
GET /users/microsoft.graph.delta() | inferred | /users/delta | User.Read.All | - | User.Read.All
GET /users/delta | exact | /users/delta | User.Read.All | - | User.Read.All
GET /me/drive/root:/Reports/2026/March.xlsx | exact | /me/drive/root:/{id} | Files.Read | Files.Read | -
GET /me/drive/root:/Reports/2026/March.xlsx:/content | exact | /me/drive/root:/{id}:/content | Files.Read | Files.Read | -
PUT /me/drive/root:/Reports/2026/March.xlsx:/content | exact | /me/drive/root:/{id}:/content | Files.ReadWrite | Files.ReadWrite | -
PUT /drives/d1/root:/a b.txt:/content | exact | /drives/{id}/root:/{id}:/content | Files.ReadWrite | - | Files.ReadWrite.All
PUT /me/drive/items/i1:/new.txt:/content | exact | /me/drive/items/{id}:/{id}:/content | Files.ReadWrite | Files.ReadWrite | -
GET /me/drive/root:/a/b.xlsx:/workbook/worksheets/Sheet1/range(address='A1:B2') | exact | /me/drive/root:/{id}:/workbook/worksheets/{id}/range(address={id}) | Files.ReadWrite | Files.ReadWrite | -
GET /drives/d1/items/i1/workbook/worksheets | inferred | /me/drive/items/{id}/workbook/worksheets | Files.ReadWrite | Files.ReadWrite | -
GET /drives/d1/root/children | inferred | /drives/{id}/items/{id}/children | Files.Read | Files.Read | Files.Read.All
GET /me/drive/special/approot:/a.txt:/content | inferred | /me/drive/items/{id}/content | Files.Read | Files.Read | -
GET /sites/contoso.sharepoint.example:/sites/team | exact | /sites/{id}:/{id} | Sites.Read.All | - | Sites.Read.All
GET /sites/contoso.sharepoint.example:/sites/team:/lists | inferred | /sites/{id}/lists | Sites.Read.All | - | Sites.Read.All
GET /sites/root | exact | /sites/root | Sites.Read.All | - | Sites.Read.All
GET /sites/s1/lists/l1/items | exact | /sites/{id}/lists/{id}/items | Sites.Read.All | - | Sites.Read.All
GET /me/mailFolders/a/childFolders/b/childFolders/c/messages/d/attachments/e | exact | /me/mailfolders/{id}/childfolders/{id}/.../messages/{id}/attachments/{id} | Mail.Read | Mail.Read | -
GET /teams/t1/channels/c1/messages | exact | /teams/{id}/channels/{id}/messages | ChannelMessage.Read.All | - | ChannelMessage.Read.All
GET /chats/19:abc@thread.v2/messages | exact | /chats/{id}/messages | Chat.Read | - | Chat.Read.All
POST /chats/19:abc@thread.v2/markChatReadForUser | exact | /chats/{id}/markchatreadforuser | Chat.ReadWrite | - | -
GET /me/chats/getAllMessages | inferred | /users/{id}/chats/getallmessages | - | - | -
GET /users/u1/chats/getAllMessages | exact | /users/{id}/chats/getallmessages | - | - | Chat.Read.All
GET /agentRegistry/agentInstances/a1/agentCardManifest | exact | /agentregistry/agentinstances/{id}/agentcardmanifest | AgentInstance.Read.All+AgentCardManifest.Read.All | - | AgentInstance.Read.All+AgentCardManifest.Read.All
GET /directoryRoles | exact | /directoryroles | RoleManagement.Read.Directory | - | RoleManagement.Read.Directory
POST /$batch | exact | /$batch | - | - | -
POST /subscriptions | exact | /subscriptions | - | - | -
GET /users/u1/managedDevices | exact | /users/{id}/manageddevices | DeviceManagementManagedDevices.Read.All | - | DeviceManagementManagedDevices.Read.All
GET /me/manager | exact | /me/manager | User.Read.All | - | -
HEAD /me | inferred | /me | User.Read | User.Read | -
MERGE /users/u1 | inferred | /users/{id} | User.ReadWrite.All | User.ReadWrite | User.ReadWrite.All
/me/sendMail | exact | /me/sendmail | Mail.Send | Mail.Send | -
/users | exact | /users | User.ReadBasic.All | - | User.ReadBasic.All
GET /me/holograms/today | none | - | - | - | -
DELETE /me/sendMail | none | - | - | - | -
GET /users/u1/microsoft.graph.nothing | inferred | /users/{id} | User.ReadBasic.All | User.Read | User.ReadBasic.All
GET https://contoso.sharepoint.com/_api/web | none | - | - | - | -
GET https://management.azure.com/subscriptions | none | - | - | - | -
OPTIONS /me | none | - | - | - | -
GET / | none | - | - | - | -
";

fn rows() -> impl Iterator<Item = [&'static str; 6]> {
    CALLS.lines().map(|line| line.split(" | ").collect::<Vec<_>>().try_into().unwrap())
}

fn joined(answer: &Answer<'_>, scheme: Scheme) -> String {
    let least = answer.least(scheme).join("+");
    if least.is_empty() { "-".to_owned() } else { least }
}

#[test]
fn answers_of_the_table() {
    let mut wrong = Vec::new();
    for [text, kind, template, work, personal, application] in rows() {
        let answer = answer(text);
        let found = [
            answer.matched.name().to_owned(),
            answer.template().unwrap_or_else(|| "-".to_owned()),
            joined(&answer, Scheme::DelegatedWork),
            joined(&answer, Scheme::DelegatedPersonal),
            joined(&answer, Scheme::Application),
        ];
        if found != [kind, template, work, personal, application] {
            wrong.push(format!("{text} | {}", found.join(" | ")));
        }
    }
    assert!(wrong.is_empty(), "found:\n{}", wrong.join("\n"));
}

#[test]
fn says_what_it_assumed_and_why_not() {
    let permission = |text: &str| answer(text);
    assert!(permission("/users").method_assumed && permission("/users").method == Some(Method::Get));
    assert_eq!(permission("/me/sendMail").method, Some(Method::Post));
    assert_eq!(permission("POST /$batch").remark(), Some(Remark::Batch));
    assert_eq!(permission("POST /subscriptions").remark(), Some(Remark::Subscription));
    for (text, sentence) in [
        ("GET /me/holograms/today", "the table of permissions does not have this path, which is no denial"),
        ("DELETE /me/sendMail", "the table of permissions has this path with POST only"),
        ("OPTIONS /me", "the table of permissions has no call with the method OPTIONS"),
        ("GET /", "the call names no path: expected something like /me/messages"),
        ("GET https://contoso.sharepoint.com/_api/web", "the address is not one of Microsoft Graph"),
    ] {
        let Match::None(why) = permission(text).matched else { panic!("{text} is found") };
        assert_eq!(why.to_string(), sentence, "{text}");
    }
    let Match::Inferred(inferred) = permission("GET /users/u/drive/root/children/$count").matched else { panic!() };
    assert!(inferred.iter().all(|inference| !inference.sentence().is_empty()));
}

/// Cmdlets of Microsoft Graph PowerShell and the calls that their documentation names.
const CMDLETS: &[(&str, &str)] = &[
    ("Get-MgUser", "GET /users"),
    ("Get-MgUser -All -ConsistencyLevel eventual -CountVariable n -Filter \"id eq 'x'\"", "GET /users"),
    ("get-mguser -userid ada@contoso.example", "GET /users/{id}"),
    ("Get-MgUser -InputObject $user", "GET /users/{id}"),
    ("Get-MgUser -UserId me", "GET /me"),
    ("Get-MgUser_List1", "GET /users"),
    ("Get-MgUser_GetViaIdentity:", "GET /users/{id}"),
    ("$boss = (Get-MgUserManager -UserId $id).Id", "GET /users/{id}/manager"),
    ("Get-MgUserMessage_List", "GET /users/{id}/messages"),
    ("Get-MgUserMessage -UserId x -Top 5 | Format-List", "GET /users/{id}/messages"),
    ("Get-MgBetaUserMessage -UserId x -MessageId y", "GET /users/{id}/messages/{id}"),
    ("Get-MgUserMessage -UserId me", "GET /me/messages"),
    ("Get-MgUserMailFolderMessage -UserId x -MailFolderId inbox", "GET /users/{id}/mailfolders/{id}/messages"),
    ("Send-MgUserMail -UserId x -BodyParameter $mail", "POST /users/{id}/sendmail"),
    ("Move-MgUserMessage -UserId x -MessageId y -DestinationId z", "POST /users/{id}/messages/{id}/move"),
    ("New-MgUser -DisplayName a -AccountEnabled", "POST /users"),
    ("Update-MgUser -UserId x -EmployeeId 7", "PATCH /users/{id}"),
    ("Remove-MgUser -UserId x -Confirm:$false", "DELETE /users/{id}"),
    ("Set-MgUserLicense -UserId x -AddLicenses @() -RemoveLicenses @()", "POST /users/{id}/assignlicense"),
    ("Revoke-MgUserSignInSession -UserId x", "POST /users/{id}/revokesigninsessions"),
    ("Get-MgUserDrive -UserId x", "GET /users/{id}/drives"),
    ("Get-MgUserDefaultDrive -UserId x", "GET /users/{id}/drive"),
    ("Get-MgUserCalendar -UserId x", "GET /users/{id}/calendars"),
    ("Get-MgUserDefaultCalendar -UserId x", "GET /users/{id}/calendar"),
    ("Get-MgUserCount -ConsistencyLevel eventual", "GET /users/$count"),
    ("Set-MgUserPhotoContent -UserId x -InFile y", "PUT /users/{id}/photo/$value"),
    ("Get-MgGroupMember -GroupId g -All", "GET /groups/{id}/members"),
    ("Get-MgGroupTransitiveMember -GroupId g", "GET /groups/{id}/transitivemembers"),
    ("New-MgGroupMember -GroupId g -DirectoryObjectId d", "POST /groups/{id}/members/$ref"),
    ("New-MgGroupMemberByRef -GroupId g -BodyParameter $ref", "POST /groups/{id}/members/$ref"),
    ("Remove-MgGroupMemberByRef -GroupId g -DirectoryObjectId d", "DELETE /groups/{id}/members/{id}/$ref"),
    (
        "Remove-MgGroupMemberDirectoryObjectByRef -GroupId g -DirectoryObjectId d",
        "DELETE /groups/{id}/members/{id}/$ref",
    ),
    ("Set-MgUserManagerByRef -UserId x -OdataId y", "PUT /users/{id}/manager/$ref"),
    ("Get-MgApplication -Filter \"displayName eq 'a b'\"", "GET /applications"),
    ("Add-MgApplicationPassword -ApplicationId x", "POST /applications/{id}/addpassword"),
    (
        "New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId s -PrincipalId s -ResourceId r -AppRoleId a",
        "POST /serviceprincipals/{id}/approleassignments",
    ),
    ("Confirm-MgServicePrincipalMemberGroup -ServicePrincipalId x", "POST /serviceprincipals/{id}/checkmembergroups"),
    ("Get-MgDirectoryRoleMember -DirectoryRoleId x", "GET /directoryroles/{id}/members"),
    ("Restore-MgDirectoryDeletedItem -DirectoryObjectId x", "POST /directory/deleteditems/{id}/restore"),
    ("Get-MgAuditLogSignIn -Top 5", "GET /auditlogs/signins"),
    ("Get-MgAuditLogDirectoryAudit", "GET /auditlogs/directoryaudits"),
    ("Get-MgRiskyUser", "GET /identityprotection/riskyusers"),
    ("Get-MgIdentityConditionalAccessPolicy", "GET /identity/conditionalaccess/policies"),
    ("Get-MgEntitlementManagementAccessPackage", "GET /identitygovernance/entitlementmanagement/accesspackages"),
    ("Get-MgPolicyAuthorizationPolicy", "GET /policies/authorizationpolicy"),
    ("Remove-MgPolicyClaimMappingPolicy -ClaimsMappingPolicyId x", "DELETE /policies/claimsmappingpolicies/{id}"),
    ("Remove-MgOauth2PermissionGrant -OAuth2PermissionGrantId x", "DELETE /oauth2permissiongrants/{id}"),
    ("Get-MgDriveItem -DriveId d -DriveItemId i", "GET /drives/{id}/items/{id}"),
    ("Get-MgSiteList -SiteId root", "GET /sites/{id}/lists"),
    ("Get-MgTeamScheduleTimeOff -TeamId t", "GET /teams/{id}/schedule/timesoff"),
    ("Invoke-MgArchiveTeam -TeamId t", "POST /teams/{id}/archive"),
    ("Get-MgUserJoinedTeam -UserId x", "GET /users/{id}/joinedteams"),
    ("New-MgInvitation", "POST /invitations"),
    ("Get-MgPlannerPlan", "GET /planner/plans"),
];

/// Cmdlets that are no call, or not certainly one.
const NO_CALLS: &[(&str, &str)] = &[
    // Either of two calls, and they need different permissions.
    ("Get-MgUserPhoto -UserId x", "several calls fit Get-MgUserPhoto: GET /users/{id}/photo, GET /users/{id}/photos"),
    // No ID says which.
    (
        "Get-MgUserMessage",
        "several calls fit Get-MgUserMessage: GET /users/{id}/messages, GET /users/{id}/messages/{id}",
    ),
    ("Connect-MgGraph -Scopes User.Read", "Connect-MgGraph is no cmdlet whose call is certain"),
    ("Disconnect-MgGraph", "Disconnect-MgGraph is no cmdlet"),
    ("Get-MgContext", "Get-MgContext is no cmdlet"),
    ("Select-MgProfile -Name beta", "Select-MgProfile is no cmdlet"),
    ("Get-MgHologram", "Get-MgHologram is no cmdlet"),
    ("Get-MgUserr -UserId x", "Get-MgUserr is no cmdlet"),
    ("Get-MgUse", "Get-MgUse is no cmdlet"),
    ("Get-MgUsermessage -UserId x", "Get-MgUsermessage is no cmdlet"),
    ("Frobnicate-MgUser", "Frobnicate-MgUser is no cmdlet"),
    ("Get-MgMe", "Get-MgMe is no cmdlet"),
    ("Get-MgCount", "Get-MgCount is no cmdlet"),
    ("New-MgByRef", "New-MgByRef is no cmdlet"),
    // Words that both a segment and its parent have are named once, and which it was cannot be told.
    ("Set-MgDeviceManagementManagedDeviceName -ManagedDeviceId x", "Set-MgDeviceManagementManagedDeviceName is no"),
];

#[test]
fn cmdlets_are_calls_where_that_is_certain() {
    let catalogue = permission::embedded();
    let mut wrong = Vec::new();
    for &(text, expected) in CMDLETS {
        match catalogue.read_call(text) {
            Ok(call) if call.display() == expected => {
                let answer = catalogue.answer(&call);
                if !matches!(answer.matched, Match::Inferred(_)) {
                    wrong.push(format!("{text}: {:?}", answer.matched));
                }
            }
            other => wrong.push(format!("{text}: {}", other.map_or_else(|bad| bad.to_string(), |call| call.display()))),
        }
    }
    for &(text, expected) in NO_CALLS {
        match catalogue.read_call(text) {
            Err(bad) if bad.to_string().starts_with(expected) => {}
            other => wrong.push(format!("{text}: {}", other.map_or_else(|bad| bad.to_string(), |call| call.display()))),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let beta = |text: &str| catalogue.parse(text).unwrap().version.map(tokentriage::scenario::ApiVersion::name);
    assert_eq!((beta("Get-MgBetaUser"), beta("Get-MgUser")), (Some("beta"), Some("v1.0")));
}

#[test]
fn every_cmdlet_is_soon_read_or_refused() {
    // A name in small letters may end a word anywhere, and an action may begin it: the most that there is to try.
    let catalogue = permission::embedded();
    for name in ["s".repeat(150), "user".repeat(37), "es".repeat(70), "devicemanagement".repeat(9)] {
        for verb in ["get", "invoke", "new", "set"] {
            let text = format!("{verb}-mg{name} -userid x");
            let start = std::time::Instant::now();
            assert!(catalogue.parse(&text).is_err(), "{text}");
            assert!(start.elapsed().as_millis() < 1000, "{text}: {:?}", start.elapsed());
        }
    }
}

#[test]
fn caveats_fit_the_call() {
    let has = |text: &str, caveat: Caveat| answer(text).caveats().contains(&caveat);
    assert!(has("GET /users/u/messages", Caveat::SharedScopes));
    assert!(!has("GET /me/messages", Caveat::SharedScopes));
    assert!(has("GET /users/u/messages", Caveat::MailboxPolicies));
    assert!(has("GET /teams/t/channels/c/messages", Caveat::ResourceSpecific));
    assert!(has("GET /auditLogs/signIns", Caveat::Licence));
    assert!(has("POST /groups/g/members/$ref", Caveat::FromDocumentation));
    assert!(!has("GET /groups/g/members", Caveat::FromDocumentation));
    assert!(has("/users", Caveat::MethodAssumed(Method::Get)));
    for text in ["GET /me", "GET /me/holograms"] {
        assert!(has(text, Caveat::Date(Some(permission::EMBEDDED_DATE))), "{text}");
    }
}

/// What a verdict amounts to: its word, then the least permissions or the reason.
fn word(verdict: &Verdict<'_>) -> String {
    match verdict {
        Verdict::Granted { by } => {
            let names: Vec<_> = by.iter().map(|claim| claim.permission).collect();
            format!("granted {}", names.join(" "))
        }
        Verdict::Missing { least, .. } => format!("missing {}", least.join("+")),
        Verdict::NotSupported(reason) => format!("not-supported {reason:?}"),
        Verdict::UnknownCall(_) => "unknown-call".to_owned(),
    }
}

#[test]
fn judges_what_is_held() {
    let delegated = |names: &'static str| Held::Delegated(names.split_whitespace().collect());
    let application = |names: &'static str| Held::Application(names.split_whitespace().collect());
    let personal = |names: &'static str| Held::DelegatedPersonal(names.split_whitespace().collect());
    let manifest = "GET /agentRegistry/agentInstances/a/agentCardManifest";
    for (text, held, expected) in [
        ("GET /me/messages", delegated("openid MAIL.READ"), "granted Mail.Read"),
        ("GET /me/messages", delegated("https://graph.microsoft.com/Mail.Read"), "granted Mail.Read"),
        ("GET /me/messages", delegated("Mail.ReadWrite Mail.Read"), "granted Mail.Read Mail.ReadWrite"),
        ("GET /me/messages", delegated("User.Read"), "missing Mail.ReadBasic"),
        ("GET /me/messages", delegated(""), "missing Mail.ReadBasic"),
        // Send is no read, and the largest permission of the directory opens no mailbox.
        ("GET /me/messages", delegated("Mail.Send Directory.ReadWrite.All"), "missing Mail.ReadBasic"),
        ("GET /users", delegated("Directory.Read.All"), "granted Directory.Read.All"),
        ("GET /users", application("User.ReadBasic.All"), "granted User.ReadBasic.All"),
        ("GET /users", application(""), "missing User.ReadBasic.All"),
        ("GET /me", application("User.Read.All"), "not-supported NobodySignedIn"),
        ("GET /me/holograms", application("User.Read.All"), "not-supported NobodySignedIn"),
        ("GET /me/holograms", delegated("User.Read"), "unknown-call"),
        ("POST /chats/c/markChatReadForUser", application("Chat.ReadWrite.All"), "not-supported NeedsSignedInUser"),
        ("GET /users/u/chats/getAllMessages", delegated("Chat.Read"), "not-supported NeedsApplication"),
        ("GET /users", personal("User.Read"), "not-supported NotForPersonalAccounts"),
        ("GET /me", personal("User.Read"), "granted User.Read"),
        (manifest, delegated("AgentInstance.Read.All"), "missing AgentInstance.Read.All+AgentCardManifest.Read.All"),
        (
            manifest,
            delegated("AgentCardManifest.Read.All"),
            "missing AgentInstance.Read.All+AgentCardManifest.Read.All",
        ),
        (manifest, delegated("AgentCardManifest.Read.All AgentInstance.Read.All"), "granted AgentInstance.Read.All"),
        (
            "POST /applications/a/sponsors",
            delegated("Application.ReadWrite.All Group.Read.All"),
            "granted Application.ReadWrite.All",
        ),
        ("GET /groups/g/planner/plans", application("Tasks.Read.All"), "granted Tasks.Read.All"),
        ("POST /$batch", delegated(""), "granted "),
        ("POST /subscriptions", delegated("Mail.Read"), "unknown-call"),
    ] {
        assert_eq!(word(&answer(text).verdict(&held)), expected, "{text} with {held:?}");
    }
    let Verdict::Missing { claim, alternatives, .. } = answer("GET /users").verdict(&delegated("User.Read")) else {
        panic!("GET /users is granted by User.Read")
    };
    assert_eq!((claim.permission, claim.admin_consent, claim.published), ("User.ReadBasic.All", Some(false), true));
    assert!(alternatives.iter().any(|other| other.permission == "User.Read.All" && other.admin_consent == Some(true)));
    let reason = answer("GET /me").verdict(&application("User.Read.All"));
    assert!(matches!(reason, Verdict::NotSupported(NotSupported::NobodySignedIn)));
}

#[test]
fn order_puts_what_can_be_granted_first() {
    let names = |text: &str, scheme| answer(text).claims(scheme).collect::<Vec<_>>();
    let messages = names("GET /teams/t/channels/c/messages", Scheme::Application);
    let specific = messages.iter().position(|claim| claim.resource_specific).unwrap();
    assert!(specific > 0 && messages[specific..].iter().all(|claim| claim.resource_specific), "{messages:?}");
    let events = names("GET /users/u/events", Scheme::Application);
    let unpublished = events.iter().find(|claim| !claim.published).unwrap();
    assert_eq!(unpublished.permission, "Calendars.ReadBasic");
    assert!(events[0].published && events[0].least, "{events:?}");
    for [text, ..] in rows() {
        assert_eq!(answer(text).is_me, call(text).is_me(), "{text}");
        assert!(!answer(text).is_me || answer(text).claims(Scheme::Application).next().is_none(), "{text}");
    }
}

#[test]
fn covers_several_calls_with_the_least_power() {
    let catalogue = permission::embedded();
    let calls = |texts: &[&str]| texts.iter().map(|text| call(text)).collect::<Vec<_>>();
    for (texts, scheme, expected, uncovered) in [
        (&["GET /me", "GET /me/messages"][..], Scheme::DelegatedWork, &["Mail.ReadBasic", "User.Read"][..], &[][..]),
        (&["GET /me/messages", "POST /me/messages"], Scheme::DelegatedWork, &["Mail.ReadWrite"], &[]),
        (&["GET /users", "GET /users/u"], Scheme::Application, &["User.ReadBasic.All"], &[]),
        (
            &["GET /me/messages", "POST /me/sendMail", "POST /$batch"],
            Scheme::DelegatedWork,
            &["Mail.ReadBasic", "Mail.Send"],
            &[],
        ),
        (&["GET /me", "GET /users/u/messages"], Scheme::Application, &["Mail.ReadBasic.All"], &[0]),
        (
            &["GET /agentRegistry/agentInstances/a/agentCardManifest"],
            Scheme::Application,
            &["AgentCardManifest.Read.All", "AgentInstance.Read.All"],
            &[],
        ),
        (&["GET /me/holograms"], Scheme::DelegatedWork, &[], &[0]),
        (&[], Scheme::DelegatedWork, &[], &[]),
    ] {
        let cover = catalogue.cover(&calls(texts), scheme);
        assert_eq!(
            (cover.permissions.as_slice(), cover.uncovered.as_slice(), cover.minimal),
            (expected, uncovered, true),
            "{texts:?}"
        );
    }
    // Whatever set comes out grants each call.
    let all: Vec<Call> = rows().map(|[text, ..]| call(text)).collect();
    for scheme in Scheme::ALL {
        let cover = catalogue.cover(&all, scheme);
        let held = match scheme {
            Scheme::DelegatedWork => Held::Delegated(cover.permissions),
            Scheme::DelegatedPersonal => Held::DelegatedPersonal(cover.permissions),
            Scheme::Application => Held::Application(cover.permissions),
        };
        for (place, call) in all.iter().enumerate() {
            let granted = matches!(catalogue.answer(call).verdict(&held), Verdict::Granted { .. });
            assert_eq!(granted, !cover.uncovered.contains(&place), "{} {scheme:?}", call.display());
        }
    }
}

#[test]
fn names_what_is_too_much() {
    let catalogue = permission::embedded();
    let held = Held::Delegated(vec![
        "openid",
        "Mail.ReadWrite",
        "Sites.FullControl.All",
        "User.Read",
        "Mail.Send.Shared",
        "EWS.AccessAsUser.All",
    ]);
    let excess = catalogue.excess(&held, &[call("GET /me"), call("GET /me/messages"), call("GET /groups")]);
    assert_eq!(excess.unused, ["Sites.FullControl.All"]);
    assert_eq!(excess.stronger, ["Mail.ReadWrite"]);
    assert_eq!(excess.enough, ["Mail.ReadBasic", "User.Read"]);
    let none = catalogue.excess(&held, &[call("GET /me/holograms")]);
    assert!(none.unused.is_empty() && none.stronger.is_empty() && none.enough.is_empty());
}

#[test]
fn reverse_and_forward_agree() {
    let catalogue = permission::embedded();
    let opened: Vec<_> = catalogue.reverse("mail.readbasic.all").collect();
    assert!(!opened.is_empty() && opened.is_sorted_by_key(|opened| &opened.template));
    for opened in opened {
        let text = format!("{} {}", opened.method, opened.template);
        let found = answer(&text);
        assert_eq!(found.template().as_deref(), Some(opened.template.as_str()));
        assert!(found.claims(opened.scheme).any(|claim| claim.permission == "Mail.ReadBasic.All"), "{text}");
    }
    assert!(catalogue.reverse("AgentCardManifest.Read.All").next().is_some());
    assert_eq!(catalogue.reverse("No.Such.Permission").count(), 0);
    assert!(
        !catalogue
            .reverse("User.Read.All")
            .any(|opened| opened.scheme == Scheme::Application && opened.template.starts_with("/me"))
    );
}

#[test]
fn hostile_calls_get_an_answer() {
    let long = "a".repeat(60_000);
    let deep = "/a".repeat(10_000);
    for (path, expected) in [
        (format!("/{long}"), Unmatched::Path),
        (deep.clone(), Unmatched::TooDeep),
        (format!("/me/drive/root:{deep}:/nothing"), Unmatched::Path),
        (format!("/users/{}", "(".repeat(20_000)), Unmatched::Path),
        (format!("/{}{}", "f(a=".repeat(10_000), ")".repeat(10_000)), Unmatched::Path),
        ("/f(a=1)".repeat(31), Unmatched::Path),
        ("/users(x='y')/microsoft.graph.a(b=1)".repeat(15), Unmatched::Path),
        ("/me/mailfolders/a/childfolders/b".repeat(6), Unmatched::Path),
        ("/users/\u{1}".to_owned(), Unmatched::ControlCharacters),
        ("/\u{e9}\u{202e}'\"".to_owned(), Unmatched::Path),
        ("/...".to_owned(), Unmatched::Path),
        ("/%00/%2f".to_owned(), Unmatched::Path),
    ] {
        let mut hostile = call("GET /x");
        hostile.path = path;
        match permission::embedded().answer(&hostile).matched {
            Match::None(why) => assert_eq!(why, expected, "{:.80}", hostile.path),
            // A name of any length is a name.
            other => assert!(
                matches!(other, Match::Exact) && hostile.path.starts_with("/users/("),
                "{other:?} {:.80}",
                hostile.path
            ),
        }
    }
    // A file that lies deep in a drive is one path.
    let mut file = call("GET /x");
    file.path = format!("/me/drive/root:{deep}:/content");
    assert_eq!(permission::embedded().answer(&file).template().as_deref(), Some("/me/drive/root:/{id}:/content"));
}

#[test]
fn embedded_is_what_the_facts_give() {
    let Some(facts) = beside("TOKENTRIAGE_FACTS", "facts", "permissions/paths.csv") else { return };
    let facts = facts.parent().and_then(Path::parent).unwrap();
    let generator = Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/permissions.py");
    match std::process::Command::new("python3").arg(generator).arg(facts).arg("--check").output() {
        Err(error) => println!("skipped: python3 does not start ({error})"),
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
    }
}

#[test]
fn sources_name_the_counts() {
    let sources = include_str!("../SOURCES.md").split_whitespace().collect::<Vec<_>>().join(" ");
    let (calls, claims) = permission::embedded().counts();
    assert_eq!(calls, permission::embedded().calls().count());
    assert!(
        sources.contains(&format!("{calls} calls (path and method), {claims} claims")),
        "{calls} calls, {claims} claims"
    );
    let overlay = include_str!("../tools/permissions/overlay.tsv").lines().count() - 1;
    assert!(sources.contains(&format!("adds {overlay} calls")), "{overlay} calls in the overlay");
    assert!(include_bytes!("../src/catalog/data/paths.bin").len() < 135_000);
}

#[test]
fn reads_microsofts_document_to_the_same_answers() {
    let Some(path) = beside("TOKENTRIAGE_VECTORS", "vectors", "graph-permissions.json") else { return };
    let bytes = std::fs::read(path).unwrap();
    let (loaded, notes) = Catalogue::from_permissions_json(&bytes).unwrap();
    assert_eq!((notes, loaded.date()), (Vec::new(), None));
    let mut differences = Vec::new();
    let mut compared = 0;
    for (method, template) in loaded.calls() {
        let text = format!("{method} {template}");
        let call = call(&text);
        let (own, embedded) = (loaded.answer(&call), permission::embedded().answer(&call));
        assert_eq!((own.template(), own.matched.name()), (embedded.template(), "exact"), "{text}");
        for scheme in Scheme::ALL {
            compared += 1;
            if !own.claims(scheme).eq(embedded.claims(scheme)) {
                differences.push(format!("{text} {scheme:?}"));
            }
        }
    }
    assert!(compared > 30_000, "{compared}");
    assert!(
        differences.is_empty(),
        "{} of {compared}: {:#?}",
        differences.len(),
        &differences[..differences.len().min(20)]
    );
    let with_mark = [b"\xef\xbb\xbf".as_slice(), &bytes].concat();
    assert!(Catalogue::from_permissions_json(&with_mark).is_ok());
}

/// A small document of the same format, with so many paths, and more members where it is told.
fn document(paths: usize, more: &str) -> String {
    let paths: Vec<String> =
        (0..paths).map(|path| format!("\"/things{path}/{{thing-id}}\": \"least=DelegatedWork\"")).collect();
    format!(
        r#"{{"$schema": "x", "permissions": {{"Thing.Read.All": {{"schemes": {{"DelegatedWork": {{"requiresAdminConsent": true,
        "privilegeLevel": 2}}}}, "pathSets": [{{"schemeKeys": ["DelegatedWork"], "methods": ["GET"], "paths": {{{}}}}}]}}{more}}}}}"#,
        paths.join(",")
    )
}

#[test]
fn loads_newer_data_and_refuses_other_files() {
    let more = r#", "Thing.Own": {"novelty": 1, "schemes": {"Martian": {}, "Application": {"colour": "red"}}, "pathSets": [
        {"schemeKeys": ["Application", "Martian"], "methods": ["GET", "QUERY"], "novel": true,
        "paths": {"/things0/{id}": "Least=application;alsorequires=Thing.Read.All;until=2030", "//": null, "/things0": null}}]}"#;
    let (loaded, notes) = Catalogue::from_permissions_json(document(120, more).as_bytes()).unwrap();
    let call = call("GET /things0/x");
    let answer = loaded.answer(&call);
    assert_eq!(answer.least(Scheme::DelegatedWork), ["Thing.Read.All"]);
    assert_eq!(answer.claims(Scheme::DelegatedWork).next().unwrap().admin_consent, Some(true));
    assert_eq!(answer.least(Scheme::Application), ["Thing.Own", "Thing.Read.All"]);
    assert_eq!(word(&answer.verdict(&Held::Application(vec!["thing.own"]))), "missing Thing.Own+Thing.Read.All");
    assert!(answer.caveats().contains(&Caveat::Date(None)));
    let said: Vec<String> = notes.iter().map(Note::to_string).collect();
    assert_eq!(
        said,
        [
            "unknown member \"novelty\" of a permission left out",
            "unknown member \"colour\" of a scheme left out",
            "unknown scheme \"Martian\" left out",
            "unknown member \"novel\" of a path set left out",
            "unknown method \"QUERY\" left out",
            "path \"//\" left out",
            "unknown term \"until\" of a path left out",
        ]
    );
    let error = |bytes: &[u8]| Catalogue::from_permissions_json(bytes).map(|_| ()).unwrap_err();
    assert_eq!(error(br#"{"ApiPermissions": {"/me": []}}"#), LoadError::OldFormat);
    assert_eq!(error(br#"{"keys": []}"#), LoadError::Foreign);
    assert_eq!(error(br#"{"permissions": {}}"#), LoadError::TooSmall { permissions: 0, paths: 0 });
    assert_eq!(error(document(99, "").as_bytes()), LoadError::TooSmall { permissions: 1, paths: 99 });
    assert_eq!(error(&vec![b' '; permission::MAX_DOCUMENT_BYTES + 1]), LoadError::TooLarge { bytes: 16_777_217 });
    assert_eq!(error(document(70_000, "").as_bytes()), LoadError::TooMany);
    for other in
        [&b""[..], b"[]", b"\xff\xfe{\0}\0", b"<html>", br#"{"permissions": []}"#, b"{\"permissions\": {\"a\": 1}}"]
    {
        assert!(matches!(error(other), LoadError::NotReadable(_) | LoadError::TooSmall { .. }), "{other:?}");
        assert!(error(other).to_string().starts_with("expected permissions/new/permissions.json"), "{other:?}");
    }
}
