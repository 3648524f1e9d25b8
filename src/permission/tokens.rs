//! A request path as the matcher reads it: segments in lower case, functions in one spelling, colon paths in one piece.

/// More segments than this match nothing; the longest template of the embedded table has 16. What lies between the
/// colons of a drive's path counts as one.
pub(super) const MAX_SEGMENTS: usize = 32;

/// One segment of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'p> {
    /// A literal, or a value that only a placeholder matches.
    Text(&'p str),
    /// A function or a named key: `range(address='A1')`.
    Function {
        /// The name before the parenthesis.
        name: &'p str,
        /// The spelling of the table: `range(address={id})`, argument names sorted.
        canonical: String,
    },
    /// The name of a type or function without the leading `microsoft.`: `graph.user`.
    Qualified(&'p str),
    /// A value that stands for any placeholder.
    Value,
    /// The path between two colons: `root:/A/B:/content`.
    ClosedPath,
}

impl Token<'_> {
    /// True of a segment with that text.
    pub(super) fn is(&self, text: &str) -> bool {
        matches!(self, Self::Text(own) if *own == text)
    }

    /// True of the name of a type, which no placeholder may match.
    pub(super) fn is_cast(&self) -> bool {
        let name = match self {
            Self::Text(text) | Self::Function { name: text, .. } => text,
            Self::Qualified(_) => return true,
            Self::Value | Self::ClosedPath => return false,
        };
        name.strip_prefix("microsoft.graph.")
            .or_else(|| name.strip_prefix("graph."))
            .is_some_and(|rest| !rest.is_empty())
    }

    /// True of `$ref`, `$value` and `$count`.
    pub(super) fn is_suffix(&self) -> bool {
        ["$ref", "$value", "$count"].iter().any(|suffix| self.is(suffix))
    }
}

/// Splits a path in lower case into tokens. `None` if there are more than [`MAX_SEGMENTS`].
pub(super) fn tokens(path: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::with_capacity(12);
    let mut segments = path.split('/').filter(|segment| !segment.is_empty()).peekable();
    while let Some(segment) = segments.next() {
        if tokens.len() >= MAX_SEGMENTS {
            return None;
        }
        if segment.len() > 1 && segment.ends_with(':') {
            if segments.peek().is_none() {
                // `/me/drive/root:` is the root itself.
                tokens.push(Token::Text(segment.trim_end_matches(':')));
                break;
            }
            tokens.push(Token::Text(segment));
            let closed = segments.by_ref().any(|inner| inner.ends_with(':'));
            tokens.push(if closed && segments.peek().is_some() { Token::ClosedPath } else { Token::Value });
        } else if let Some((name, arguments)) = function(segment) {
            push_function(&mut tokens, name, arguments);
        } else {
            tokens.push(Token::Text(segment));
        }
    }
    (tokens.len() <= MAX_SEGMENTS).then_some(tokens)
}

/// Name and arguments of `name(arguments)`.
fn function(segment: &str) -> Option<(&str, &str)> {
    let (name, rest) = segment.split_once('(')?;
    let arguments = rest.strip_suffix(')')?;
    let is_name =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_'));
    is_name.then_some((name, arguments))
}

fn push_function<'p>(tokens: &mut Vec<Token<'p>>, name: &'p str, arguments: &'p str) {
    if arguments.trim().is_empty() {
        tokens.push(Token::Text(name));
        return;
    }
    match with_sorted_names(name, arguments) {
        Some(canonical) => tokens.push(Token::Function { name, canonical }),
        // A key in parentheses is a segment of its own: users('x') is users/x.
        None => tokens.extend([Token::Text(name), Token::Value]),
    }
}

/// Writes a segment of a template the way that [`tokens`] reads the same segment of a request.
pub(super) fn write_function(template: &mut String, segment: &str) {
    let Some((name, arguments)) = function(segment) else {
        template.push_str(segment);
        return;
    };
    if arguments.trim().is_empty() {
        template.push_str(name);
    } else if let Some(canonical) = with_sorted_names(name, arguments) {
        template.push_str(&canonical);
    } else {
        template.push_str(name);
        template.push_str("/{id}");
    }
}

/// `name(a={id},b={id})`, or nothing where the first argument has no name.
fn with_sorted_names(name: &str, arguments: &str) -> Option<String> {
    let mut names: Vec<&str> = split_arguments(arguments)
        .map_while(|argument| {
            let (name, _) = argument.split_once('=')?;
            Some(name.trim()).filter(|name| is_argument_name(name))
        })
        .collect();
    if names.is_empty() {
        return None;
    }
    names.sort_unstable();
    let mut canonical = String::with_capacity(name.len().saturating_add(arguments.len()));
    canonical.push_str(name);
    for (place, argument) in names.iter().enumerate() {
        canonical.push(if place == 0 { '(' } else { ',' });
        canonical.push_str(argument);
        canonical.push_str("={id}");
    }
    canonical.push(')');
    Some(canonical)
}

fn is_argument_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'@')
}

/// Splits at commas that stand outside quotes.
fn split_arguments(arguments: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    arguments.split(move |character| {
        if character == '\'' {
            quoted = !quoted;
        }
        character == ',' && !quoted
    })
}
