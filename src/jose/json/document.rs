//! A JSON text as a flat tree that keeps everything worth showing.

use std::ops::Range;

use super::duplicate::{self, Duplicate};
use super::reader::{Event, EventKind, Found, Reader, SyntaxError};
use super::value::{Kind, Value, decoded};
use super::write;

/// How much of a text becomes a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many arrays and objects may be open inside each other. What lies deeper is kept as source text, in one
    /// value of [`Kind::Text`]; its grammar is checked all the same. Default 100.
    pub depth: usize,
    /// How many values and member names the tree may have, at most `u32::MAX`. At the first one more, reading stops
    /// with [`Found::LimitNodes`], and the part read so far stays. Default 4 194 304, which take 100 MB.
    pub nodes: usize,
}

/// A JSON text that was read, whole or in part. See [`Document::read`].
#[derive(Debug, Clone)]
pub struct Document {
    text: Vec<u8>,
    nodes: Vec<Node>,
    error: Option<SyntaxError>,
    duplicates: Vec<Duplicate>,
    depth_exceeded: Option<usize>,
    text_issues: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 100, nodes: 1 << 22 }
    }
}

impl Document {
    /// Reads a JSON text (RFC 8259) with the default [`Limits`]; never fails.
    ///
    /// When the text breaks off or has an error, everything before that stays: complete members and items, and the
    /// readable beginning of a string value that has no end ([`Value::is_partial`]). A number that the end of the text
    /// touches is dropped, because digits may be missing, and so is a name whose value is missing. Nothing behind an
    /// error is read. Time and memory are linear in the text, whatever its nesting.
    pub fn read(text: impl Into<Vec<u8>>) -> Self {
        Self::read_with(text, Limits::default())
    }

    /// The same as [`Document::read`] with other limits.
    pub fn read_with(text: impl Into<Vec<u8>>, limits: Limits) -> Self {
        let text = text.into();
        let built = Builder::new(&text, limits).build();
        let duplicates = duplicate::find(&text, &built.nodes);
        Self {
            nodes: built.nodes,
            error: built.error,
            depth_exceeded: built.depth_exceeded,
            text_issues: built.text_issues,
            duplicates,
            text,
        }
    }

    /// The whole text as it was given.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// The value of the text; none when not even its beginning could be read.
    pub fn root(&self) -> Option<Value<'_>> {
        Value::at(self, 0)
    }

    /// Why the text is not one JSON value: the first error, which may be text after a complete value.
    pub fn error(&self) -> Option<&SyntaxError> {
        self.error.as_ref()
    }

    /// Whether the value was read to its end. Something else may follow it: then there is an error too.
    pub fn is_complete(&self) -> bool {
        self.root().is_some_and(|root| !root.is_partial())
    }

    /// The member names that an object has more than once, compared after unescaping, in order of the first
    /// repetition. RFC 7519 section 4 lets a reader refuse such claims or take the last, so readers disagree.
    /// Objects deeper than [`Limits::depth`] are not searched.
    pub fn duplicates(&self) -> &[Duplicate] {
        &self.duplicates
    }

    /// Where [`Limits::depth`] was passed for the first time: the byte offset of a bracket or brace.
    pub fn depth_exceeded(&self) -> Option<usize> {
        self.depth_exceeded
    }

    /// How many sequences of invalid UTF-8 and escaped surrogates without their other half the strings hold, up to
    /// the error if there is one. Each is decoded as U+FFFD.
    pub fn text_issues(&self) -> usize {
        self.text_issues
    }

    /// The value as minified JSON text, see [`Value::to_compact`]; empty when there is no value.
    pub fn to_compact(&self) -> String {
        self.root().map(Value::to_compact).unwrap_or_default()
    }

    /// How many numbers are greater than any double, such as `1e400`: RFC 8259 section 6 allows them, and many readers
    /// refuse them.
    pub fn numbers_beyond_double(&self) -> usize {
        let numbers = self.nodes.iter().filter(|node| node.kind == NodeKind::Number);
        let texts = numbers.map(|node| String::from_utf8_lossy(node.source(&self.text)));
        texts.filter(|number| write::is_beyond_double(number)).count()
    }

    /// The JSON pointer (RFC 6901) of the innermost value whose text, or whose member name, covers a byte offset;
    /// none outside of the value. Names are unescaped and may hold any character. Takes time linear in the tree.
    pub fn pointer(&self, offset: usize) -> Option<String> {
        let mut value = self.root()?;
        let mut pointer = String::new();
        if !value.span().contains(&offset) {
            return None;
        }
        loop {
            let covers = |from: usize, value: &Value<'_>| from <= offset && offset < value.span().end;
            let child = if value.kind() == Kind::Object {
                let found = value.named_members().find(|(name, value)| covers(name.span().start, value));
                found.map(|(name, value)| (decoded(self, name).replace('~', "~0").replace('/', "~1"), value))
            } else {
                let found = value.items().enumerate().find(|(_, value)| covers(value.span().start, value));
                found.map(|(index, value)| (index.to_string(), value))
            };
            let Some((step, inner)) = child else { return Some(pointer) };
            pointer.push('/');
            pointer.push_str(&step);
            value = inner;
        }
    }

    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }
}

/// One value or member name of the tree. Nodes are in document order; a name is followed by its value, an array or
/// object by what it holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    start: usize,
    end: usize,
    /// The index behind the last node that belongs to this one.
    after: u32,
    pub(super) kind: NodeKind,
    /// See [`Event::plain`].
    pub(super) plain: bool,
    pub(super) partial: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NodeKind {
    Null,
    True,
    False,
    Number,
    String,
    Array,
    Object,
    Text,
    Name,
}

impl Node {
    pub(super) fn span(&self) -> Range<usize> {
        self.start..self.end
    }

    pub(super) fn after(&self) -> usize {
        self.after as usize
    }

    pub(super) fn source<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        text.get(self.span()).unwrap_or_default()
    }

    /// What is between the quotes of a string or name.
    pub(super) fn body<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        let closing = usize::from(!self.partial);
        text.get(self.start.saturating_add(1)..self.end.saturating_sub(closing)).unwrap_or_default()
    }
}

struct Builder<'t> {
    reader: Reader<'t>,
    end_of_text: usize,
    limits: Limits,
    nodes: Vec<Node>,
    /// The nodes of the open arrays and objects.
    open: Vec<usize>,
    /// Where the part began that is too deep for the tree, and how many arrays and objects were open around it.
    too_deep: Option<(usize, usize)>,
    depth_exceeded: Option<usize>,
}

struct Built {
    nodes: Vec<Node>,
    error: Option<SyntaxError>,
    depth_exceeded: Option<usize>,
    text_issues: usize,
}

/// The tree has no room for one more node.
struct Full;

impl<'t> Builder<'t> {
    fn new(text: &'t [u8], limits: Limits) -> Self {
        let limits = Limits { nodes: limits.nodes.min(u32::MAX as usize), ..limits };
        // A claim takes about 30 bytes of text and two nodes; large texts grow as they need.
        let nodes = Vec::with_capacity((text.len() / 16).clamp(1, 1024).min(limits.nodes));
        Self {
            reader: Reader::new(text),
            end_of_text: text.len(),
            limits,
            nodes,
            open: Vec::new(),
            too_deep: None,
            depth_exceeded: None,
        }
    }

    fn build(mut self) -> Built {
        let mut error = None;
        while let Some(step) = self.reader.next() {
            match step {
                Ok(event) => {
                    let offset = event.span.start;
                    if let Err(Full) = self.take(event) {
                        let found = Found::LimitNodes(self.limits.nodes);
                        error = Some(SyntaxError { offset, expected: "a smaller document", found });
                        break;
                    }
                }
                Err(stop) => {
                    error = Some(stop);
                    self.keep_unfinished(stop.offset);
                    break;
                }
            }
        }
        if let Some(stop) = error {
            self.close_all(stop.offset);
        }
        Built { nodes: self.nodes, error, depth_exceeded: self.depth_exceeded, text_issues: self.reader.text_issues() }
    }

    fn take(&mut self, event: Event) -> Result<(), Full> {
        let depth = self.reader.depth();
        if let Some((start, around)) = self.too_deep {
            if depth > around {
                return Ok(());
            }
            self.too_deep = None;
            return self.push(NodeKind::Text, start..event.span.end, false);
        }
        let kind = match event.kind {
            EventKind::ObjectStart | EventKind::ArrayStart if depth > self.limits.depth => {
                self.depth_exceeded.get_or_insert(event.span.start);
                self.too_deep = Some((event.span.start, depth.saturating_sub(1)));
                return Ok(());
            }
            EventKind::ObjectStart | EventKind::ArrayStart => {
                let kind = if event.kind == EventKind::ObjectStart { NodeKind::Object } else { NodeKind::Array };
                self.push(kind, event.span, true)?;
                self.open.push(self.nodes.len().saturating_sub(1));
                return Ok(());
            }
            EventKind::ObjectEnd | EventKind::ArrayEnd => {
                self.close(event.span.end, false);
                return Ok(());
            }
            // Digits may be missing: the error comes next.
            EventKind::Number if depth > 0 && event.span.end == self.end_of_text => return Ok(()),
            EventKind::Name => NodeKind::Name,
            EventKind::String => NodeKind::String,
            EventKind::Number => NodeKind::Number,
            EventKind::True => NodeKind::True,
            EventKind::False => NodeKind::False,
            EventKind::Null => NodeKind::Null,
        };
        self.push(kind, event.span, event.plain)
    }

    fn push(&mut self, kind: NodeKind, span: Range<usize>, plain: bool) -> Result<(), Full> {
        if self.nodes.len() >= self.limits.nodes {
            return Err(Full);
        }
        let after = u32::try_from(self.nodes.len().saturating_add(1)).map_err(|_| Full)?;
        self.nodes.push(Node { start: span.start, end: span.end, after, kind, plain, partial: false });
        Ok(())
    }

    /// Ends the innermost open array or object.
    fn close(&mut self, end: usize, partial: bool) {
        let after = self.nodes.len();
        if let Some(node) = self.open.pop().and_then(|index| self.nodes.get_mut(index)) {
            node.end = end;
            node.after = u32::try_from(after).unwrap_or(u32::MAX);
            node.partial = partial;
        }
    }

    /// Keeps what an error cuts: source text that was too deep, or the beginning of a string value.
    fn keep_unfinished(&mut self, end: usize) {
        let (kind, span, plain) = match (self.too_deep.take(), self.reader.unfinished()) {
            (Some((start, _)), _) => (NodeKind::Text, start..end, false),
            (None, Some(Event { kind: EventKind::String, span, plain })) => (NodeKind::String, span.clone(), *plain),
            _ => return,
        };
        if self.push(kind, span, plain).is_ok()
            && let Some(node) = self.nodes.last_mut()
        {
            node.partial = true;
        }
    }

    fn close_all(&mut self, end: usize) {
        if self.nodes.last().is_some_and(|node| node.kind == NodeKind::Name) {
            self.nodes.pop();
        }
        while !self.open.is_empty() {
            self.close(end, true);
        }
    }
}
