//! pagopa
