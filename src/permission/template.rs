//! Path templates in one spelling: lower case, `{id}` for each value, sorted argument names, slips of the source put right.
//!
//! For the embedded table `tools/permissions.py` does the same.

use super::tokens;

/// Slips of Microsoft's document, in lower case with `{id}` for each value, and what is meant.
const SLIPS: &[(&str, &str)] = &[
    ("geteffectivepermissionsscope={id}", "geteffectivepermissions(scope={id})"),
    ("/roletemplateid={id}", "(roletemplateid={id})"),
    ("itemat(index={id})range", "itemat(index={id})/range"),
    ("root:/foldera/fileb.txt:/", "root:/{id}:/"),
    ("87654321-0abc-zqf0-321456789q", "{id}"),
    ("/(team-id)/", "/{id}/"),
    // A path inside a drive that is followed by more has to be closed by a colon.
    ("root:/{id}/", "root:/{id}:/"),
];

/// The template in its one spelling.
pub(super) fn canonical(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default().to_ascii_lowercase();
    let mut path = placeholders(path.trim());
    for (slip, meant) in SLIPS {
        if path.contains(slip) {
            path = path.replace(slip, meant);
        }
    }
    let mut template = String::with_capacity(path.len());
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        template.push('/');
        match segment.strip_suffix("{id}") {
            // `subjectrightsrequests{id}`: a slash was forgotten.
            Some(name) if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
                template.push_str(name);
                template.push_str("/{id}");
            }
            _ => tokens::write_function(&mut template, segment),
        }
    }
    template
}

/// Writes `{id}` for each placeholder, whatever its name, with braces too many.
fn placeholders(path: &str) -> String {
    let mut written = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        written.push_str(before);
        match after.split_once('}') {
            Some((_, after)) => {
                written.push_str("{id}");
                rest = after.trim_start_matches('}');
            }
            None => {
                written.push('{');
                rest = after;
            }
        }
    }
    written.push_str(rest);
    written
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn one_spelling() {
        for (path, expected) in [
            ("/users/{user-id}/Messages/", "/users/{id}/messages"),
            ("/a/{id}}/b", "/a/{id}/b"),
            ("/teams/(team-id)/channels", "/teams/{id}/channels"),
            ("/r/f(b={x}, a='{y}')/z", "/r/f(a={id},b={id})/z"),
            ("/r/f()", "/r/f"),
            ("/i/ingest('{itemId}')", "/i/ingest/{id}"),
            ("/s/subjectRightsRequests{x}/files", "/s/subjectrightsrequests/{id}/files"),
            ("/me/drive/root:/{path}/media", "/me/drive/root:/{id}:/media"),
            ("/me/drive/root:/{path}", "/me/drive/root:/{id}"),
            (
                "/me/mailfolders/{id}/childfolders/{id}/.../messages",
                "/me/mailfolders/{id}/childfolders/{id}/.../messages",
            ),
            ("/x?$filter=y eq '{z}'", "/x"),
            ("/x/{unclosed", "/x/{unclosed"),
            ("", ""),
        ] {
            assert_eq!(canonical(path), expected, "{path}");
        }
    }
}
