/** How an option of the table is described. `apply` says what a changed value needs. */
type Common = Readonly<{ apply: 'live' | 'restart'; doc: string; unit?: string }>;

export type OptionSpec =
  | (Common & Readonly<{ type: 'int' | 'number'; default: number; min: number; max: number }>)
  | (Common & Readonly<{ type: 'bool'; default: boolean }>)
  | (Common & Readonly<{ type: 'string'; default: string }>)
  | (Common & Readonly<{ type: 'enum'; default: string; values: readonly string[] }>)
  | (Common & Readonly<{ type: 'list'; default: readonly string[] }>);

type ValueOf<Spec> = Spec extends { type: 'int' | 'number' }
  ? number
  : Spec extends { type: 'bool' }
    ? boolean
    : Spec extends { type: 'enum'; values: readonly (infer Value)[] }
      ? Value
      : Spec extends { type: 'list' }
        ? readonly string[]
        : string;

/** The values that a table of options gives, each with its own type. */
export type ValuesOf<Table> = { readonly [Name in keyof Table]: ValueOf<Table[Name]> };

/** Checks a table against `OptionSpec` and keeps its literal types. */
export const defineOptions = <const Table extends Record<string, OptionSpec>>(table: Table): Table => table;
