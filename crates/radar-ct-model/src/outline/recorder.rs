//! A deserializer that has no data: it writes down what it is asked for, and answers so that it is asked on.

use std::cell::RefCell;

use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeSeed, Error as _, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::vocabulary::Vocabulary;
use super::{Form, Member};
use crate::response::envelope::DecodeError;

/// A text that is an instant, in case one is wanted.
const INSTANT: &str = "2026-01-01T00:00:00Z";
/// A text that is a number.
const NUMBER: &str = "1";

/// What is given where code takes anything and only then looks at what it got.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reading<'r> {
    /// An object with these members. One that the code passes over is not recorded.
    Members(&'r [&'r str]),
    /// A list.
    List,
}

/// What is read of a `T`, with what to give at which path; elsewhere, whatever takes anything is given a number as text.
pub(super) fn record<T: for<'de> Deserialize<'de>>(
    readings: &[(&str, Reading<'_>)],
) -> Result<Vec<Member>, DecodeError> {
    let members = RefCell::new(Vec::new());
    let recorder = Recorder { members: &members, readings, path: String::new(), nullable: false };
    T::deserialize(recorder).map_err(|error| DecodeError::shape(error.to_string()))?;
    Ok(members.into_inner())
}

struct Recorder<'r> {
    members: &'r RefCell<Vec<Member>>,
    readings: &'r [(&'r str, Reading<'r>)],
    path: String,
    nullable: bool,
}

impl<'r> Recorder<'r> {
    fn note(&self, form: Form) {
        // The whole is no member of anything.
        if !self.path.is_empty() {
            let member = Member { path: self.path.clone(), form, nullable: self.nullable };
            self.members.borrow_mut().push(member);
        }
    }

    fn at(&self, path: String) -> Self {
        Self { members: self.members, readings: self.readings, path, nullable: false }
    }

    fn reading(&self) -> Option<Reading<'r>> {
        self.readings.iter().find(|(path, _)| *path == self.path).map(|(_, reading)| *reading)
    }

    fn object<'de, V: Visitor<'de>>(self, names: &[&str], visitor: V) -> Result<V::Value, Error> {
        self.note(Form::Object);
        visitor.visit_map(Members { of: &self, names: names.iter(), next: "" })
    }

    fn list<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.note(Form::List);
        visitor.visit_seq(OneElement(Some(self.at(format!("{}[]", self.path)))))
    }
}

macro_rules! numbers {
    ($($method:ident)*) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.note(Form::Number);
            visitor.visit_u64(1)
        }
    )* };
}

macro_rules! texts {
    ($($method:ident)*) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.note(Form::Text);
            visitor.visit_str(INSTANT)
        }
    )* };
}

macro_rules! refused {
    ($($method:ident($($ty:ty),*))*) => { $(
        fn $method<V: Visitor<'de>>(self, $(_: $ty,)* _: V) -> Result<V::Value, Error> {
            Err(Error::custom(format!("what {} asks for at `{}` cannot be recorded", stringify!($method), self.path)))
        }
    )* };
}

impl<'de> Deserializer<'de> for Recorder<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.reading() {
            Some(Reading::Members(names)) => self.object(names, visitor),
            Some(Reading::List) => self.list(visitor),
            None => {
                self.note(Form::TextOrNumber);
                visitor.visit_str(NUMBER)
            }
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.reading() {
            Some(Reading::Members(names)) => self.object(names, visitor),
            _ => Err(Error::custom(format!("what members `{}` has cannot be recorded", self.path))),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.object(fields, visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(Self { nullable: true, ..self })
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.list(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        // The visitor of an enumeration is generic over its type.
        let visited = std::any::type_name::<V>().trim_end_matches('>').rsplit("::").next();
        self.note(visited.and_then(Vocabulary::find).map_or(Form::Text, Form::Word));
        visitor.visit_str(INSTANT)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.note(Form::Boolean);
        visitor.visit_bool(true)
    }

    /// What is passed over is not read.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64
    }

    texts! { deserialize_string }

    refused! {
        deserialize_char() deserialize_bytes() deserialize_byte_buf() deserialize_unit() deserialize_identifier()
        deserialize_unit_struct(&'static str) deserialize_tuple(usize) deserialize_tuple_struct(&'static str, usize)
        deserialize_enum(&'static str, &'static [&'static str])
    }
}

struct Members<'m, 'r> {
    of: &'m Recorder<'r>,
    names: std::slice::Iter<'m, &'m str>,
    next: &'m str,
}

impl<'de> MapAccess<'de> for Members<'_, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some(name) = self.names.next() else { return Ok(None) };
        self.next = name;
        let name: StrDeserializer<'_, Error> = self.next.into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let dot = if self.of.path.is_empty() { "" } else { "." };
        seed.deserialize(self.of.at(format!("{}{dot}{}", self.of.path, self.next)))
    }
}

struct OneElement<'r>(Option<Recorder<'r>>);

impl<'de> SeqAccess<'de> for OneElement<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        self.0.take().map(|element| seed.deserialize(element)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only asked for")]
    struct Pair {
        one: (u8, u8),
    }

    #[test]
    fn what_cannot_be_recorded_is_an_error_that_says_where() {
        let error = record::<Pair>(&[]).unwrap_err().to_string();
        assert!(error.contains("deserialize_tuple") && error.contains("`one`"), "{error}");
        let error = record::<std::collections::BTreeMap<String, u8>>(&[]).unwrap_err().to_string();
        assert!(error.contains("what members"), "{error}");
    }
}
