/** New value = slope x old value + intercept, on 0..255, the same for each colour channel. */
export type Line = Readonly<{ slope: number; intercept: number }>;

type Row = readonly [number, number, number];

/** Rows give the new red, green and blue as shares of the old ones. */
export type Matrix = readonly [Row, Row, Row];
