//! Redaction: a report that may leave the house.
