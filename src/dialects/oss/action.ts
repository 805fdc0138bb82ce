import { quoted } from '../native/values.ts';
import type { ActionContext } from './context.ts';
import type { Draft } from './draft.ts';
import { refusal } from './refusal.ts';

/** One action of a process: `resize,m_fill,w_100` is the action `resize` with two parameters. */
export type Action = Readonly<{ name: string; params: readonly string[] }>;

/** Reads the parameters of an action and adds what they mean to the draft. Throws a PileusError of source `client`. */
export type Apply = (action: Action, draft: Draft, context: ActionContext) => void;

/** The actions of a grammar, by name. */
export type Actions = ReadonlyMap<string, Apply>;

const category = 'image/';

/** Applies `image/<action>/<action>...` to a draft, from left to right. Throws a PileusError of source `client`. */
export function applyProcess(text: string, actions: Actions, draft: Draft, context: ActionContext): void {
  if (!text.startsWith(category)) {
    throw refusal('bad_operation', `Expected ${category}<action>, got ${quoted(text)}.`);
  }
  const parts = text.slice(category.length).split('/');
  for (const part of parts) {
    const [name = '', ...params] = part.split(',');
    const apply = actions.get(name);
    if (apply === undefined) throw refusal('bad_operation', `There is no action ${quoted(name)}.`);
    apply({ name, params }, draft, context);
  }
  if (draft.isView && parts.length > 1) {
    throw refusal('bad_combination', 'What tells of a picture cannot stand beside other actions.');
  }
}
