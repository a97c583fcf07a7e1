/**
 * What a JSON value has to look like, as data: a scalar's name, `#Name` for another shape, an object's fields (a trailing `?` marks an
 * optional one), or a list whose first item says what the others mean. Objects are open: fields that are not named are let through.
 */
export type Shape<Name extends string> =
  | "string"
  | "integer"
  | "number"
  | "boolean"
  | "null"
  | "json"
  | `#${Name}`
  | { readonly [field: string]: Shape<Name> }
  | readonly ["list" | "map", Shape<Name>]
  | readonly ["enum", ...string[]]
  | readonly ["all" | "any", ...Shape<Name>[]];
