//! JSON Schemas of the answers' `result`, with the feature `schema`.
//!
//! Most are derived where the types are. These are the ones that cannot be.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::response::frame::{Layout, TIMESTAMPS, VALUES};
use crate::response::meta::{META, Meta};
use crate::response::series::{Distribution, GroupedSeries, Series, SeriesView};
use crate::response::series_answer::SeriesAnswer;
use crate::response::timestamp::Timestamp;

/// The schema of a count that [`count`](crate::response::de::count) reads, for `#[schemars(schema_with =
/// "…")]`.
pub(crate) fn count(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": ["string", "integer", "null"], "minimum": 0, "pattern": "^[0-9]*$" })
}

/// The schema of one value of a column.
fn value() -> Schema {
    json_schema!({ "type": ["string", "number", "null"] })
}

/// The schema of a column of values.
fn values() -> Schema {
    json_schema!({ "type": "array", "items": value() })
}

/// The schema of a series, below its label.
fn series(layout: Layout) -> Schema {
    let timestamps =
        || json_schema!({ "type": "array", "items": { "type": "string", "format": "date-time" } });
    match layout {
        Layout::Series => json_schema!({
            "type": "object",
            "properties": { TIMESTAMPS: timestamps(), VALUES: values() },
            "required": [TIMESTAMPS, VALUES],
        }),
        Layout::Groups => json_schema!({
            "type": "object",
            "properties": { TIMESTAMPS: timestamps() },
            "required": [TIMESTAMPS],
            "additionalProperties": values(),
        }),
        Layout::Summary => json_schema!({ "type": "object", "additionalProperties": value() }),
    }
}

macro_rules! series_schemas {
    ($($name:ident: $layout:ident),*) => { $(
        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                series(Layout::$layout)
            }
        }
    )* };
}

series_schemas!(Series: Series, GroupedSeries: Groups, Distribution: Summary);

/// The labels are additional properties beside `meta`.
impl<T: SeriesView + JsonSchema> JsonSchema for SeriesAnswer<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("AnswerOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "properties": { META: generator.subschema_for::<Option<Meta>>() },
            "additionalProperties": generator.subschema_for::<T>(),
        })
    }
}

impl JsonSchema for Timestamp {
    fn schema_name() -> Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        // Without the format `date-time`: older answers have other texts.
        json_schema!({ "title": "Timestamp", "type": "string" })
    }
}

#[cfg(test)]
mod tests {
    use schemars::generate::SchemaSettings;
    use serde_json::{Value, json};

    use crate::{Summary, Timeseries, TimeseriesGroups};

    /// Without references, so that a pointer reaches everything.
    fn schema_of<T: schemars::JsonSchema>() -> Value {
        let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
        settings.into_generator().into_root_schema_for::<T>().to_value()
    }

    fn types_of(schema: &Value) -> Vec<&str> {
        let alternatives = schema.get("anyOf").and_then(Value::as_array).map(Vec::as_slice);
        let alternatives = alternatives.unwrap_or(std::slice::from_ref(schema));
        let types = alternatives.iter().filter_map(|schema| schema.get("type"));
        types
            .flat_map(|types| types.as_array().map_or(std::slice::from_ref(types), Vec::as_slice))
            .filter_map(Value::as_str)
            .collect()
    }

    #[test]
    fn labels_are_additional_properties_beside_meta() {
        let value = json!({ "type": ["string", "number", "null"] });
        let schema = schema_of::<Timeseries>();
        let series = &schema["additionalProperties"];
        assert_eq!(series["required"], json!(["timestamps", "values"]));
        assert_eq!(series["properties"]["values"]["items"], value);
        assert_eq!(series["properties"]["timestamps"]["items"]["format"], "date-time");

        let groups = &schema_of::<TimeseriesGroups>()["additionalProperties"];
        assert_eq!(groups["additionalProperties"]["items"], value);
        assert_eq!(groups["required"], json!(["timestamps"]));

        assert_eq!(schema_of::<Summary>()["additionalProperties"]["additionalProperties"], value);
    }

    #[test]
    fn every_member_of_meta_is_nullable() {
        let schema = schema_of::<Summary>();
        let meta = &schema["properties"]["meta"];
        let annotation = &meta["properties"]["confidenceInfo"]["properties"]["annotations"]["items"];
        let unit = &meta["properties"]["units"]["items"];
        let range = &meta["properties"]["dateRange"]["items"];
        assert_eq!(types_of(meta), ["object", "null"]);
        for (object, count) in
            [(meta, 6), (&meta["properties"]["confidenceInfo"], 2), (annotation, 10), (unit, 2), (range, 2)]
        {
            let members = object["properties"].as_object().unwrap();
            assert_eq!(members.len(), count, "{object}");
            for (name, member) in members {
                assert!(types_of(member).contains(&"null"), "{name}: {member}");
            }
        }
    }

    #[test]
    fn a_count_is_text_or_a_number_and_not_required() {
        #[derive(Default, serde::Deserialize, schemars::JsonSchema)]
        #[serde(default)]
        struct Counted {
            #[serde(deserialize_with = "crate::response::de::count")]
            #[schemars(schema_with = "super::count")]
            entries: Option<u64>,
        }

        let schema = schema_of::<Counted>();
        assert_eq!(types_of(&schema["properties"]["entries"]), ["string", "integer", "null"]);
        assert_eq!(schema.get("required"), None);
    }

    #[test]
    fn an_enumeration_has_its_documented_values_and_is_open() {
        let schema = schemars::schema_for!(crate::EventType);
        assert_eq!(schema.get("title").unwrap(), "EventType");
        assert_eq!(
            schema.get("anyOf").unwrap(),
            &json!([{ "enum": crate::EventType::VALUES }, { "type": "string" }])
        );
    }
}
