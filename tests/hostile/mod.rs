//! Inputs that were made to cost much, and two ordinary ones beside them.

pub(crate) const MEBIBYTE: usize = 1 << 20;

/// A name, and the input of about so many bytes.
pub(crate) type Shape = (&'static str, fn(usize) -> Vec<u8>);

pub(crate) const SHAPES: &[Shape] = &[
    ("dots", |size| repeated(".", size)),
    ("braces", |size| repeated("{", size)),
    ("quotes", |size| repeated("\"", size)),
    ("backslashes", |size| repeated("\\", size)),
    ("eyJ", |size| repeated("eyJ", size)),
    ("percent", |size| repeated("%25", size)),
    ("nested JSON strings", |size| repeated(&nested(8), size)),
    ("duplicate keys", |size| enclosed("{", "\"a\":1,", "\"a\":1}", size)),
    ("empty names", |size| repeated("[{\"\":0},", size)),
    ("half UTF-16", |size| {
        let text = "Authorization: Bearer eyJ {\"error\":1}\r\n";
        let mut bytes: Vec<u8> = repeated(text, size / 4).iter().flat_map(|&byte| [byte, 0]).collect();
        bytes.extend(repeated(text, size - bytes.len()));
        bytes
    }),
    ("deep nesting", |size| {
        enclosed("", "{\"a\":", "1", size / 6 * 5).into_iter().chain(repeated("}", size / 6)).collect()
    }),
    ("near-tokens", |size| repeated("eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9x.", size)),
    ("marks in front of lines", |size| {
        repeated("app | eyJhbGciOiJSUzI1NiJ9aaaa\napp | EwB0123456789abcdefABCDEF+_\n", size)
    }),
    ("pieces in quotes", |size| repeated("'eyJhbGciOiJSUzI1NiJ90123' +\n'0.A0123456789abcdefABCDEF<wbr>", size)),
    ("base64 of beginnings", |size| {
        repeated("ZXlKhbGciOiJSUzI1NiJ9aaaaaa\nQmVhcmVyIGV5SmhiR2NpT2lK\nSAMLResponse=a_", size)
    }),
    ("ordinary log", |size| {
        repeated(
            "2026-03-01 10:00:00,123 INFO  [http-nio-8080-exec-4] com.example.web.RequestLog : GET /api/orders/4711?page=2 200 34 ms user=mika\n",
            size,
        )
    }),
    ("ordinary HAR", |size| {
        enclosed(
            "{\"log\":{\"version\":\"1.2\",\"entries\":[",
            r#"{"startedDateTime":"2026-03-01T10:00:00.000Z","time":12.5,"request":{"method":"GET","url":"https://shop.fernweh.example/assets/app.js?v=81","httpVersion":"HTTP/2","headers":[{"name":"Accept","value":"*/*"},{"name":"User-Agent","value":"Mozilla/5.0 (X11; Linux x86_64)"}],"queryString":[{"name":"v","value":"81"}],"cookies":[],"headersSize":-1,"bodySize":0},"response":{"status":200,"statusText":"","headers":[{"name":"content-type","value":"application/javascript"}],"content":{"size":1200,"mimeType":"application/javascript","text":"(function(e,t){\"use strict\";var n=e.document;function r(o){return o&&o.__esModule?o.default:o}\nvar i={a:1,b:[2,3],c:function(){return this.a}};t.render=function(s){for(var u=0;u<s.length;u++){n.createElement(\"div\").textContent=s[u].title}}\n})(window,window.app||(window.app={}));"},"redirectURL":"","headersSize":-1,"bodySize":1200},"cache":{},"timings":{"send":0,"wait":10,"receive":2.5}},"#,
            "{}]}}",
            size,
        )
    }),
];

fn repeated(unit: &str, size: usize) -> Vec<u8> {
    unit.as_bytes().repeat(size.div_ceil(unit.len()))
}

fn enclosed(front: &str, unit: &str, back: &str, size: usize) -> Vec<u8> {
    [front.as_bytes(), &repeated(unit, size.saturating_sub(front.len() + back.len())), back.as_bytes()].concat()
}

/// JSON in JSON strings.
fn nested(depth: usize) -> String {
    (0..depth)
        .fold("{}".to_owned(), |text, _| format!("{{\"a\":\"{}\"}}", text.replace('\\', "\\\\").replace('"', "\\\"")))
}
