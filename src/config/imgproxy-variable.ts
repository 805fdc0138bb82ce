/** What a variable of imgproxy's environment is to us. */

export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };

/** What a variable's text becomes: values by their path in the configuration, or what is wrong with it. */
export type Meaning = readonly (readonly [path: string, value: Value])[] | string;

/** The text of another variable, without the prefix; '' where it is not set. */
export type Others = (name: string) => string;

/** One variable, and what becomes of it. */
export type Variable = Readonly<{
  /** Without `IMGPROXY_`. */
  name: string;
  /** Where its value goes, or why it goes nowhere. */
  doc: string;
  /** Absent: passed over, for the reason in `doc`. */
  read?: (text: string, others: Others) => Meaning;
  /** What it says where it is not set. Absent: nothing. */
  unset?: string;
}>;
