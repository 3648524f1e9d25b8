//! One value of a document.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use super::document::{Document, Node, NodeKind};
use super::text::{reveal_into, unescape};
use super::write::{self, Numbers};

/// A value of a [`Document`]: a place in its tree, as cheap to copy as a reference.
#[derive(Clone, Copy)]
pub struct Value<'d> {
    document: &'d Document,
    node: &'d Node,
    index: usize,
}

/// The kinds of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number, as its text.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
    /// An array or object deeper than [`Limits::depth`](super::Limits::depth): only its source text is kept.
    Text,
}

impl<'d> Value<'d> {
    /// What kind of value this is.
    pub fn kind(self) -> Kind {
        match self.node.kind {
            NodeKind::Null => Kind::Null,
            NodeKind::True | NodeKind::False => Kind::Bool,
            NodeKind::Number => Kind::Number,
            NodeKind::String | NodeKind::Name => Kind::String,
            NodeKind::Array => Kind::Array,
            NodeKind::Object => Kind::Object,
            NodeKind::Text => Kind::Text,
        }
    }

    /// Where the value is, as byte offsets in [`Document::text`]. A string includes its quotes, a partial value ends
    /// where reading stopped.
    pub fn span(self) -> Range<usize> {
        self.node.span()
    }

    /// The text of the value as it was given.
    pub fn source(self) -> &'d [u8] {
        self.node.source(self.document.text())
    }

    /// Whether an error cut the value: a string without its end, an array or object without its closing bracket.
    pub fn is_partial(self) -> bool {
        self.node.partial
    }

    /// The decoded text of a string; of a partial string, its beginning. None for other kinds.
    pub fn as_str(self) -> Option<Cow<'d, str>> {
        (self.kind() == Kind::String).then(|| decoded(self.document, self.node))
    }

    /// The value of `true` or `false`. None for other kinds.
    pub fn as_bool(self) -> Option<bool> {
        match self.node.kind {
            NodeKind::True => Some(true),
            NodeKind::False => Some(false),
            _ => None,
        }
    }

    /// The text of a number, with every digit as it was given. None for other kinds.
    pub fn number(self) -> Option<&'d str> {
        (self.kind() == Kind::Number).then(|| std::str::from_utf8(self.source()).unwrap_or_default())
    }

    /// A number that is written as an integer and fits. None for other kinds, for greater numbers, and for numbers
    /// with a fraction or exponent, also where those would come out whole (`1.0`, `1e3`).
    pub fn as_i64(self) -> Option<i64> {
        self.number()?.parse().ok()
    }

    /// The member of an object with this name; of duplicates the last one, which is what RFC 7519 section 4 names for
    /// readers that do not refuse duplicates. Takes time linear in the number of members.
    pub fn get(self, name: &str) -> Option<Value<'d>> {
        self.get_all(name).last()
    }

    /// All members of an object with this name, in order.
    pub fn get_all<'n>(self, name: &'n str) -> impl Iterator<Item = Value<'d>> + use<'d, 'n> {
        let document = self.document;
        self.named_members().filter(move |(node, _)| is_named(document, node, name)).map(|(_, value)| value)
    }

    /// The members of an object in order, with their unescaped names. Nothing for other kinds.
    pub fn members(self) -> Members<'d> {
        Members { document: self.document, children: self.children(Kind::Object) }
    }

    /// The items of an array in order. Nothing for other kinds.
    pub fn items(self) -> Items<'d> {
        Items { children: self.children(Kind::Array) }
    }

    /// How many members or items there are; 0 for kinds that hold none. Takes time linear in that number.
    pub fn len(self) -> usize {
        self.named_members().count().saturating_add(self.items().count())
    }

    /// Whether there is no member or item.
    pub fn is_empty(self) -> bool {
        self.children(self.kind()).next().is_none()
    }

    /// The value as minified JSON text, always valid: order, duplicates and number texts are kept; strings are
    /// written by [`escape_into`](super::escape_into), so that nothing hides in them; source text that was too deep
    /// is a string; what was cut is closed. Linear, without recursion.
    pub fn to_compact(self) -> String {
        write::compact(self.document, self.index, self.node, Numbers::AsGiven)
    }

    /// The same for any reader of JSON: a number that no double is as great as (`1e400`), which many readers refuse, is
    /// written as a string that holds its text.
    pub fn to_portable(self) -> String {
        write::compact(self.document, self.index, self.node, Numbers::ForAnyReader)
    }

    /// The value for people: a string without quotes, written by [`reveal_into`]; source text that was too deep in
    /// the same way; everything else as [`Value::to_compact`].
    pub fn to_text(self) -> String {
        let text = match self.kind() {
            Kind::String => decoded(self.document, self.node),
            Kind::Text => String::from_utf8_lossy(self.source()),
            _ => return self.to_compact(),
        };
        let mut out = String::with_capacity(text.len());
        reveal_into(&mut out, &text);
        out
    }

    pub(super) fn at(document: &'d Document, index: usize) -> Option<Self> {
        Some(Self { document, node: document.nodes().get(index)?, index })
    }

    /// The members of an object as their name nodes and values.
    pub(super) fn named_members(self) -> impl Iterator<Item = (&'d Node, Value<'d>)> + use<'d> {
        let mut children = self.children(Kind::Object);
        std::iter::from_fn(move || Some((children.next()?.node, children.next()?)))
    }

    /// The nodes directly inside, names and values alike, when the value is of the wanted kind.
    fn children(self, wanted: Kind) -> Children<'d> {
        let end = if self.kind() == wanted { self.node.after() } else { 0 };
        Children { document: self.document, next: self.index.saturating_add(1), end }
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.to_compact())
    }
}

/// The members of an object. See [`Value::members`].
#[derive(Clone)]
pub struct Members<'d> {
    document: &'d Document,
    children: Children<'d>,
}

impl<'d> Iterator for Members<'d> {
    type Item = (Cow<'d, str>, Value<'d>);

    fn next(&mut self) -> Option<Self::Item> {
        let name = decoded(self.document, self.children.next()?.node);
        Some((name, self.children.next()?))
    }
}

/// The items of an array. See [`Value::items`].
#[derive(Clone)]
pub struct Items<'d> {
    children: Children<'d>,
}

impl<'d> Iterator for Items<'d> {
    type Item = Value<'d>;

    fn next(&mut self) -> Option<Self::Item> {
        self.children.next()
    }
}

/// The decoded text of a string or name.
pub(super) fn decoded<'d>(document: &'d Document, node: &Node) -> Cow<'d, str> {
    unescape(node.body(document.text()))
}

fn is_named(document: &Document, node: &Node, name: &str) -> bool {
    if node.plain { node.body(document.text()) == name.as_bytes() } else { decoded(document, node) == name }
}

#[derive(Clone)]
struct Children<'d> {
    document: &'d Document,
    next: usize,
    end: usize,
}

impl<'d> Iterator for Children<'d> {
    type Item = Value<'d>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.end {
            return None;
        }
        let value = Value::at(self.document, self.next)?;
        self.next = value.node.after();
        Some(value)
    }
}
