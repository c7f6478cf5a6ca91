"""Tests of what reads the SDKs' sources, on small ones of our own. Run by the tests of xtask, and with

    python -m unittest discover xtask/surface
"""

import os
import sys
import textwrap
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import python_source  # noqa: E402
import rules  # noqa: E402
import typescript_source  # noqa: E402
from surface import Endpoint, Facts, Field, Object, Unexpected, facts, form, words  # noqa: E402

RESOURCE = "cloudflare/resources/radar/ct/tide.py"
PARAMS = "cloudflare/types/radar/ct_tide_params.py"
ANSWER = "cloudflare/types/radar/ct_tide_response.py"
SCRIPT = "package/src/resources/radar/ct/tide.ts"

PYTHON = {
    RESOURCE: '''
        class TideResource(SyncAPIResource):
            def list(self, moon: Literal["NEW", "FULL"], *, harbour: List[str] | Omit = omit) -> TideResponse:
                """
                Lists tides.

                Args:
                  moon: The phase of
                      the moon.

                  harbour: Where.
                """
                return self._get(
                    path_template("/radar/ct/tide/{moon}", moon=moon),
                    options=make(query=transform({"harbour": harbour}, tide_params.TideParams)),
                    cast_to=cast(Type[TideResponse], Wrapper[TideResponse]),
                )

        class AsyncTideResource(AsyncAPIResource):
            async def list(self) -> TideResponse:
                return await self._get("/radar/ct/tide")
    ''',
    PARAMS: '''
        class TideParams(TypedDict, total=False):
            harbour: SequenceNotStr[str]
            """Where.

            Incompatible with the `windSpeed` filter/dimension.
            """

            wind_speed: Annotated[List[Literal["CALM", "STORM"]], PropertyInfo(alias="windSpeed")]

            since: Annotated[SequenceNotStr[Union[str, datetime]], PropertyInfo(alias="since", format="iso8601")]

            limit: int
    ''',
    ANSWER: '''
        class MetaUnit(BaseModel):
            name: str

        class Meta(BaseModel):
            last_updated: datetime = FieldInfo(alias="lastUpdated")

            level: Optional[Literal["HIGH", "LOW"]] = None

            units: List[MetaUnit]

        class TideResponse(BaseModel):
            meta: Meta
            """About it."""

            if TYPE_CHECKING:
                __pydantic_extra__: Dict[str, MetaUnit] = FieldInfo(init=False)

                def __getattr__(self, attr: str) -> MetaUnit: ...
            else:
                __pydantic_extra__: Dict[str, MetaUnit]
    ''',
}

TYPESCRIPT = '''
    import { Resource } from '../resource';

    export class BaseTide extends Resource {
      static override readonly _key: readonly ['tide'] = Object.freeze(['tide'] as const);

      /**
       * Lists tides.
       */
      list(
        moonPhase: 'NEW' | 'FULL',
        query: TideParams | null | undefined = {},
        options?: Options,
      ): Promise<TideResponse> {
        return (
          this._client.get(path`/radar/ct/tide/${moonPhase}`, { query, ...options }) as Promise<{ result: TideResponse }>
        )._then((obj) => obj.result);
      }
    }
    export class Tide extends BaseTide {}

    export interface TideResponse {
      meta: TideResponse.Meta;

      [k: string]: TideResponse.Meta.Unit | TideResponse.Meta | undefined;
    }

    export namespace TideResponse {
      export interface Meta {
        lastUpdated: string;

        level?: 'HIGH' | 'LOW' | null;

        units: Array<Meta.Unit>;
      }

      export namespace Meta {
        export interface Unit {
          name: string;
        }
      }
    }

    export interface TideParams {
      /**
       * Where. Incompatible with the `windSpeed`
       * filter/dimension.
       */
      harbour?: Array<string>;

      windSpeed?: Array<'CALM' | 'STORM'>;

      since?: Array<string>;

      limit?: number;
    }

    export declare namespace Tide {
      export { type TideResponse as TideResponse };
    }
'''


def of_python(**changed):
    files = {name: textwrap.dedent(text) for name, text in PYTHON.items()}
    for name, (old, new) in changed.items():
        name = {"resource": RESOURCE, "params": PARAMS, "answer": ANSWER}[name]
        assert old in files[name], old
        files[name] = files[name].replace(old, new)
    return python_source.endpoints(files)


def of_typescript(old="", new=""):
    assert old in TYPESCRIPT, old
    return typescript_source.endpoints({SCRIPT: textwrap.dedent(TYPESCRIPT.replace(old, new) if old else TYPESCRIPT)})


def lines(endpoint):
    found = Facts()
    for one in endpoint.in_path + endpoint.parameters:
        found.parameter(endpoint, one.name, one)
    found.members(endpoint, "", endpoint.answer)
    return {line.partition("\t")[2] for line in found.lines}


class BothLanguages(unittest.TestCase):
    def test_an_endpoint_is_read_from_python(self):
        (endpoint,) = of_python()
        self.assertEqual(endpoint.path, "/radar/ct/tide/{moon}")
        self.assertEqual([one.doc for one in endpoint.in_path], ["The phase of the moon."])
        self.assertEqual([one.name for one in endpoint.parameters], ["harbour", "windSpeed", "since", "limit"])
        found = lines(endpoint)
        for line in [
            "moon\tword\tFULL",
            "harbour\tform\tlist of text",
            "harbour\trule\tnot with windSpeed",
            "windSpeed\tword\tSTORM",
            "since\tform\tlist of time",
            "limit\tform\tinteger",
            "answer meta.lastUpdated\tform\ttime",
            "answer meta.level\tword\tHIGH",
            "answer meta.level\tnull\tmay be null or missing",
            "answer meta.units\tform\tlist of object",
            "answer meta.units[].name\tform\ttext",
            "answer <label>.name\tform\ttext",
        ]:
            self.assertIn(line, found)

    def test_typescript_says_the_same(self):
        (one,), (other,) = of_python(), of_typescript()
        self.assertEqual(other.path, "/radar/ct/tide/{moon_phase}")
        coarse = {line.replace("time", "text").replace("integer", "number") for line in lines(one)}
        self.assertEqual({line.replace("moonPhase", "moon") for line in lines(other)}, coarse)

    def test_an_older_way_to_write_a_path_is_read(self):
        (endpoint,) = of_python(
            resource=('path_template("/radar/ct/tide/{moon}", moon=moon)', 'f"/radar/ct/tide/{moon}"')
        )
        self.assertEqual(endpoint.path, "/radar/ct/tide/{moon}")
        (endpoint,) = of_typescript("path`/radar", "`/radar")
        self.assertEqual(endpoint.path, "/radar/ct/tide/{moon_phase}")

    def test_another_verb_is_another_endpoint(self):
        (endpoint,) = of_python(resource=("return self._get(", "return self._post("))
        self.assertEqual(endpoint.path, "POST /radar/ct/tide/{moon}")

    def test_an_endpoint_that_goes_out_of_use_is_told(self):
        def rules_of(endpoints):
            found = Facts()
            found.endpoint(endpoints[0])
            return {line.split("\t")[3] for line in found.lines if "\trule\t" in line}

        self.assertEqual(rules_of(of_python()) | rules_of(of_typescript()), set())
        old = rules_of(of_python(resource=("    def list", "    @typing.deprecated('soon')\n    def list")))
        self.assertEqual(old, {"deprecated"})
        self.assertIn("deprecated", rules_of(of_typescript("* Lists tides.", "* Lists tides.\n * @deprecated")))

    def test_a_change_is_seen(self):
        (one,) = of_python(answer=('["HIGH", "LOW"]', '["HIGH"]'))
        self.assertNotIn("answer meta.level\tword\tLOW", lines(one))
        (one,) = of_typescript("harbour?: Array<string>", "harbour?: string")
        self.assertIn("harbour\tform\ttext", lines(one))


class Shapes(unittest.TestCase):
    """What is not known is an error that names the file: it must not pass for what is not there."""

    def refuses(self, where, what, read, *args, **kwargs):
        with self.assertRaises(Unexpected) as raised:
            read(*args, **kwargs)
        self.assertIn(where, str(raised.exception))
        self.assertIn(what, str(raised.exception))

    def test_python_that_is_not_known(self):
        self.refuses(PARAMS, "a type of a kind", of_python, params=("limit: int", "limit: Tuple[int, int]"))
        self.refuses(PARAMS, "declared nowhere", of_python, params=("limit: int", "limit: Limit"))
        self.refuses(PARAMS, "a base of", of_python, params=("(TypedDict, total=False)", "(Other)"))
        self.refuses(PARAMS, "no field", of_python, params=("limit: int", "limit = 5"))
        self.refuses(PARAMS, "no Python", of_python, params=("limit: int", "limit: ]"))
        self.refuses(RESOURCE, "a path", of_python, resource=('path_template("/radar/ct/tide/{moon}", moon=moon)', "PATHS[moon]"))
        self.refuses(RESOURCE, "declared in 0", of_python, resource=("TideParams", "OtherParams"))
        self.refuses(RESOURCE, "no plain class", of_python, resource=("-> TideResponse", "-> Page[TideResponse]"))

    def test_typescript_that_is_not_known(self):
        self.refuses(SCRIPT, "a type of a kind", of_typescript, "limit?: number", "limit?: [number]")
        self.refuses(SCRIPT, "declared nowhere", of_typescript, "limit?: number", "limit?: Limit")
        self.refuses(SCRIPT, "more than members", of_typescript, "interface TideParams {", "interface TideParams extends X {")
        self.refuses(SCRIPT, "`:` was expected", of_typescript, "limit?: number", "limit?() number")
        self.refuses(SCRIPT, "never closed", of_typescript, "type TideResponse as TideResponse };", "")
        self.refuses(SCRIPT, "calls no path", of_typescript, "path`/radar/ct/tide/${moonPhase}`", "PATH")
        self.refuses(SCRIPT, "never closed", of_typescript, "list(", "list = (")
        outside = "const other = () => this._client.get('/radar/ct/other');"
        self.refuses(SCRIPT, "2 calls, but 1 methods", of_typescript, "export class Tide extends BaseTide {}", outside)
        self.refuses(SCRIPT, "0 interfaces", of_typescript, "Promise<TideResponse> {", "Promise<Other> {")

    def test_sources_in_which_next_to_nothing_is_found(self):
        self.refuses("endpoints", "none", facts, [])
        self.refuses("endpoints", "/radar/ct/tide/{moon}", facts, of_python())
        kind = ("object", Object([Field(str(name), ("text",)) for name in range(9)]))
        many = [Endpoint(f"/{name}", "tide.py:1", [], [Field("limit", ("integer",))], kind) for name in range(7)]
        self.refuses("values", "only 0", facts, many)
        many[3].answer = ("object", Object())
        self.refuses("tide.py:1", "next to no members", facts, many)
        many[3].parameters = []
        self.refuses("tide.py:1", "no parameters", facts, many)


class Types(unittest.TestCase):
    def test_forms_and_words(self):
        self.assertEqual(form(("list", ("union", [("text",), ("time",)]))), "list of time")
        self.assertEqual(form(("union", [("text",), ("number",), ("null",)])), "number or text")
        self.assertEqual(words(("list", ("union", [("words", ["A"]), ("words", ["B"]), ("null",)]))), ["A", "B"])

    def test_groups_are_open_and_some_of_their_keys_are_listed(self):
        listed = ("object", Object([Field("PINE", ("text",)), Field("OAK", ("integer",))]))
        series = ("union", [("map", ("text",)), listed])
        kind = ("object", Object([Field("summary_0", series)]))
        found = lines(Endpoint("/trees", "trees.py:1", [], [], kind))
        self.assertIn("answer <label>.<group>\tform\ttext", found)
        self.assertIn("answer <label>.<group>\tkey\tPINE", found)
        self.assertIn("answer <label>.OAK\tform\tinteger", found)
        self.assertNotIn("answer <label>.PINE\tform\ttext", found)

    def test_a_series_of_nothing_but_listed_keys_is_not_known(self):
        one, other = (("object", Object([Field(name, ("text",))])) for name in ("PINE", "OAK"))
        kind = ("object", Object([Field("serie_0", ("union", [one, other]))]))
        with self.assertRaises(Unexpected):
            lines(Endpoint("/trees", "trees.py:1", [], [], kind))


class Rules(unittest.TestCase):
    def test_what_is_known_is_said_in_words_of_ours(self):
        said = "Filters tides (ebb vs. flood). Incompatible with the `tideGate` and `moon` filters/dimensions."
        self.assertEqual(rules.of(said, by_dimension=False), ["not with tideGate", "not with moon"])
        self.assertIn("not with the dimension TIDE_GATE", rules.of(said, by_dimension=True))
        self.assertEqual(rules.of("How many. Minimum value is 2.", False), ["at least 2"])
        self.assertEqual(rules.of("Use `<n>d` (up to `9d`) or so.", False), ["up to 9d"])
        self.assertEqual(rules.of("Names the harbour.", False), [])

    def test_what_sounds_like_a_rule_and_is_not_known_is_kept(self):
        said = "Names the harbour. It must lie by the sea."
        self.assertEqual(rules.of(said, False), ["not understood: It must lie by the sea."])


if __name__ == "__main__":
    unittest.main()
