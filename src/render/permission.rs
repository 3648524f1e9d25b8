//! What calls need, for a person at a terminal.

use super::layout::{Page, Style};
use super::table::{NARROWEST_TABLE, table};
use super::text::TextOptions;
use crate::permission::{Accepted, Covering, Needs, Opens, Scheme};

/// The longest name that widens the column of names; a longer one pushes its own remark on.
const WIDEST_NAME: usize = 48;

/// The titles of the columns of a list.
const USER: &str = "Signed-in user";
const APP: &str = "The app alone";

/// The groups of permissions, in the words of Microsoft's documentation.
const fn title(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::DelegatedWork => "Signed-in user (work or school account)",
        Scheme::DelegatedPersonal => "Signed-in user (personal account)",
        Scheme::Application => "The app alone (application permission)",
    }
}

/// What one call needs, as text; of the options `width`, `colour` and `unicode` count.
pub fn needs_text(needs: &Needs, options: &TextOptions) -> String {
    let mut page = Page::new(options.width, options.colour);
    page.blank();
    page.paragraph(&shortened(&needs.call), Style::Bold);
    if let (Some(template), Some(method)) = (&needs.template, needs.method) {
        page.paragraph(&format!("{} match: {method} {template}", needs.matched), Style::Plain);
    }
    if let Some(text) = needs.error.as_ref().or(needs.remark.as_ref()) {
        page.paragraph(text, Style::Plain);
    }
    if !needs.inferred.is_empty() {
        page.paragraph(&format!("Assumed: {}.", needs.inferred.join("; ")), Style::Plain);
    }
    let listed = Scheme::ALL.into_iter().any(|scheme| !needs.of(scheme).is_empty());
    if needs.template.is_some() && (listed || needs.remark.is_none()) {
        Scheme::ALL.into_iter().for_each(|scheme| group(&mut page, needs, scheme, options.unicode));
        resource_specific(&mut page, needs);
    }
    page.blank();
    let mut label = "Note";
    for caveat in &needs.caveats {
        page.field(label, caveat);
        label = "";
    }
    page.blank();
    page.finish()
}

fn group(page: &mut Page, needs: &Needs, scheme: Scheme, unicode: bool) {
    page.blank();
    page.paragraph(title(scheme), Style::Bold);
    let (apart, accepted): (Vec<_>, Vec<_>) = needs.of(scheme).iter().partition(|accepted| accepted.resource_specific);
    if accepted.is_empty() {
        let text =
            if apart.is_empty() { "none is listed: not possible" } else { "only for a single team or chat, see below" };
        page.hanging("", 4, text, Style::Plain, Style::Plain);
        return;
    }
    let column = accepted.iter().map(|own| own.pairs().chars().count()).max().unwrap_or(0).min(WIDEST_NAME);
    for own in accepted {
        let mark = match (own.least, unicode) {
            (true, true) => "→",
            (true, false) => ">",
            (false, _) => "",
        };
        let text = format!("{:<column$}  {}", own.pairs(), remarks(own));
        let style = if own.least { Style::Bold } else { Style::Plain };
        page.hanging(mark, 4, text.trim_end(), Style::Fine, style);
    }
}

/// What is to be known of a permission.
fn remarks(own: &Accepted) -> String {
    let published = if own.published == Some(false) { "not published: it cannot be granted" } else { "" };
    let least = if own.least { "least" } else { "" };
    [least, own.consent(), published].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Permissions that are granted for one team, chat or meeting: no alternative for the whole tenant.
fn resource_specific(page: &mut Page, needs: &Needs) {
    let lists: Vec<(Scheme, Vec<String>)> = Scheme::ALL
        .into_iter()
        .map(|scheme| {
            let apart = needs.of(scheme).iter().filter(|own| own.resource_specific);
            (scheme, apart.map(Accepted::pairs).collect())
        })
        .filter(|(_, names): &(Scheme, Vec<String>)| !names.is_empty())
        .collect();
    if lists.is_empty() {
        return;
    }
    page.blank();
    page.paragraph("For a single team, chat or meeting (resource-specific consent)", Style::Bold);
    for (scheme, names) in lists {
        let kind = if scheme == Scheme::Application { "the app alone" } else { "signed-in user" };
        page.hanging("", 4, &format!("{} ({kind})", names.join(", ")), Style::Plain, Style::Plain);
    }
}

/// What several calls need: a row for each, then the permissions that cover them all.
pub fn calls_text(calls: &[Needs], covering: &Covering, options: &TextOptions) -> String {
    let mut page = Page::new(options.width, options.colour);
    page.blank();
    let unknown = "not known";
    let rows: Vec<[String; 3]> = calls
        .iter()
        .map(|needs| {
            let times = match needs.requests {
                Some(count) if count > 1 => format!(" ({count} requests)"),
                _ => String::new(),
            };
            let least = |scheme| match (&needs.template, needs.least(scheme)) {
                (None, _) => unknown.to_owned(),
                (Some(_), Some(least)) => least,
                (Some(_), None) => "none".to_owned(),
            };
            [format!("{}{times}", shortened(&needs.call)), least(Scheme::DelegatedWork), least(Scheme::Application)]
        })
        .collect();
    if page.width() < NARROWEST_TABLE {
        for [call, user, app] in &rows {
            page.paragraph(call, Style::Bold);
            page.hanging("", 4, &format!("{USER}: {user}"), Style::Plain, Style::Plain);
            page.hanging("", 4, &format!("{APP}: {app}"), Style::Plain, Style::Plain);
        }
    } else {
        let rows = rows.iter().map(|cells| cells.each_ref().map(|cell| vec![cell.as_str()]));
        table(&mut page, ["Call", USER, APP], rows, options.unicode);
    }
    let mut problems = calls.iter().filter(|needs| needs.template.is_none()).peekable();
    if problems.peek().is_some() {
        page.blank();
        page.paragraph("Not known", Style::Bold);
    }
    for needs in problems {
        let why = needs.error.as_ref().or(needs.remark.as_ref()).map_or("", String::as_str);
        page.hanging("", 4, &format!("{}: {why}", shortened(&needs.call)), Style::Plain, Style::Plain);
    }
    covering_part(&mut page, covering);
    page.blank();
    page.finish()
}

/// The permissions that cover several calls, alone.
pub fn covering_text(covering: &Covering, options: &TextOptions) -> String {
    let mut page = Page::new(options.width, options.colour);
    covering_part(&mut page, covering);
    page.blank();
    page.finish()
}

fn covering_part(page: &mut Page, covering: &Covering) {
    for scheme in Scheme::ALL {
        let set = covering.of(scheme);
        page.blank();
        let of = match (set.covered, covering.calls) {
            (covered, all) if covered == all => format!("covers all {all} calls"),
            (covered, all) => format!("covers {covered} of {all} calls"),
        };
        page.paragraph(&format!("{}: {of}", title(scheme)), Style::Bold);
        if set.permissions.is_empty() {
            page.hanging("", 4, "none", Style::Plain, Style::Plain);
        }
        for permission in &set.permissions {
            page.hanging("", 4, permission, Style::Plain, Style::Plain);
        }
        if !set.minimal {
            page.hanging("", 4, "(there may be a set with less power)", Style::Plain, Style::Plain);
        }
    }
}

/// A call in a table.
fn shortened(call: &str) -> String {
    const LONGEST: usize = 120;
    let host_less = ["https://graph.microsoft.com/v1.0", "https://graph.microsoft.com"]
        .iter()
        .find_map(|host| call.split_once(host))
        .map_or_else(|| call.to_owned(), |(before, after)| format!("{before}{after}"));
    match host_less.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", host_less.get(..end).unwrap_or_default()),
        None => host_less,
    }
}

/// What a permission opens, as text.
pub fn opens_text(opens: &Opens, options: &TextOptions) -> String {
    let mut page = Page::new(options.width, options.colour);
    page.blank();
    page.paragraph(&format!("{} opens {}", opens.permission, opens.in_words()), Style::Bold);
    page.blank();
    for call in &opens.calls {
        let kinds: Vec<&str> = call.schemes.iter().map(|scheme| short_kind(scheme)).collect();
        page.hanging(call.method, 10, &format!("{} ({})", call.path, kinds.join(", ")), Style::Bold, Style::Plain);
    }
    page.blank();
    page.finish()
}

fn short_kind(scheme: &str) -> &'static str {
    match Scheme::ALL.into_iter().find(|known| known.name() == scheme) {
        Some(Scheme::DelegatedWork) => "user",
        Some(Scheme::DelegatedPersonal) => "personal",
        Some(Scheme::Application) => "app",
        None => "",
    }
}
