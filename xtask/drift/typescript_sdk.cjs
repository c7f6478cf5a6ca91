// Prints the Certificate Transparency API as the TypeScript SDK describes it, in JSON.
//
//     node typescript_sdk.cjs FOLDER
//
// The folder has the packages `cloudflare` and `typescript`. The methods are called with a stand-in for the client, which
// records the path; the types become JSON Schema through the compiler's own checker.

const { join } = require('node:path');
const { createRequire } = require('node:module');

const sdk = join(process.argv[2], 'node_modules/cloudflare');
const load = createRequire(sdk);
const ts = load('typescript');
const declarations = join(sdk, 'resources/radar/ct/ct.d.ts');
const program = ts.createProgram([declarations], { strict: true, noEmit: true, types: [] });
const checker = program.getTypeChecker();
const F = ts.TypeFlags;

function union(types) {
  const anyOf = types.filter((one) => !(one.flags & F.Undefined)).map(schema);
  return anyOf.length === 1 ? anyOf[0] : { anyOf };
}

function schema(type) {
  if (type.isUnion()) return union(type.types);
  if (type.isStringLiteral()) return { type: 'string', enum: [type.value] };
  if (type.flags & F.String) return { type: 'string' };
  if (type.flags & F.Number) return { type: 'number' };
  if (type.flags & F.BooleanLike) return { type: 'boolean' };
  if (type.flags & F.Null) return { type: 'null' };
  if (type.flags & (F.Unknown | F.Any)) return {};
  if (checker.isArrayType(type)) return { type: 'array', items: schema(checker.getTypeArguments(type)[0]) };
  if (!(type.flags & F.Object) || type.getCallSignatures().length) {
    throw new Error(`no schema for the type ${checker.typeToString(type)}`);
  }
  const members = type.getProperties();
  const types = members.map((member) => checker.getTypeOfSymbol(member));
  const index = type.getStringIndexType();
  const all = index?.isUnion() ? index.types : [index];
  // An index signature has to allow the named members, too.
  const others = all.filter((one) => !types.includes(one) && !(one?.flags & F.Undefined));
  return {
    type: 'object',
    properties: Object.fromEntries(members.map((member, i) => [member.name, schema(types[i])])),
    required: members.filter((member) => !(member.flags & ts.SymbolFlags.Optional)).map((member) => member.name),
    ...(index && { additionalProperties: union(others.length ? others : all) }),
  };
}

function doc(symbol) {
  const deprecated = symbol.getJsDocTags(checker).some((tag) => tag.name === 'deprecated');
  return ts.displayPartsToString(symbol.getDocumentationComment(checker)) + (deprecated ? ' Deprecated.' : '');
}

const snake = (name) => name.replace(/[A-Z]/g, (letter) => '_' + letter.toLowerCase());

// The client that the methods call.
const client = new Proxy({}, { get: (_, verb) => (path) => { throw { verb, path }; } });

// Returns the verb and the path that a method calls.
function call(resource, method, segments) {
  try {
    resource[method](...segments);
  } catch (called) {
    if (called.path) return `${called.verb.toUpperCase()} ${decodeURIComponent(called.path)}`;
    throw called;
  }
}

function endpoint(resource, method) {
  // Older versions have a second signature, without the query.
  const signatures = checker.getTypeOfSymbol(method).getCallSignatures();
  const signature = signatures.sort((one, other) => other.parameters.length - one.parameters.length)[0];
  // Segments of the path, the query and the options of the call.
  const segments = signature.parameters.slice(0, -2);
  const query = checker.getTypeOfSymbol(signature.parameters.at(-2));
  const parameters = checker.getNonNullableType(query).getProperties();
  const described = [...segments, ...parameters].map((one) => {
    const name = segments.includes(one) ? snake(one.name) : one.name;
    return [name, { doc: doc(one), schema: schema(checker.getTypeOfSymbol(one)) }];
  });
  return [call(resource, method.name, segments.map((one) => `{${snake(one.name)}}`)), {
    doc: doc(method),
    parameters: Object.fromEntries(described),
    answer: schema(checker.getAwaitedType(signature.getReturnType())),
  }];
}

// Describes the endpoints of a resource and of the resources in it.
function endpoints(type, resource) {
  return type.getProperties().filter((member) => !member.name.startsWith('_')).flatMap((member) => {
    const inner = checker.getTypeOfSymbol(member);
    return inner.getCallSignatures().length ? [endpoint(resource, member)] : endpoints(inner, resource[member.name]);
  });
}

const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(declarations)));
// `Ct` before version 6.
const root = exported.find((one) => one.name.toUpperCase() === 'CT');
const resource = new (load('cloudflare/resources/radar/ct/ct')[root.name])(client);
const found = endpoints(checker.getDeclaredTypeOfSymbol(root), resource);
console.log(JSON.stringify({
  version: load(join(sdk, 'package.json')).version,
  endpoints: Object.fromEntries(found),
}));
