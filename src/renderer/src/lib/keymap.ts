/**
 * Commands of the app. Each is one object, said once beside the view that carries it out (`commands.ts` there): its keys,
 * group, icon, when it can be done and what it does. Handler, hints, key sheet, palette and toolbars are lists of them.
 */
import type { LucideProps } from '@lucide/svelte'
import type { Component } from 'svelte'
import { SvelteMap } from 'svelte/reactivity'
import { t } from '../i18n'
import type texts from '../i18n/en/keys.json'
import { chordOf, isMac, isPlain, type KeyPress } from './keys'

export type Scope = 'everywhere' | 'review' | 'names' | 'list' | 'pages' | 'page' | 'template' | 'data' | 'team'

type Titles = (typeof texts)['commands']
type Group = keyof (typeof texts)['groups']

/** Returning false says that it did not apply: the key then does what it always does. */
export type Handler = (event?: KeyPress) => unknown

/** What a command is, said by its view. */
export interface Spec<View> {
  group: Group
  /** The first is the one shown. */
  keys?: readonly string[]
  /** In place of the title that its area and name have among the texts. */
  title?: string
  /** What stands on its button, where the title is too long for it. */
  button?: string
  icon?: Component<LucideProps>
  /** Only in the sheet: the input itself does it. */
  native?: true
  /** Whether it applies now. */
  when?: (view: View) => unknown
  run?: (view: View, event?: KeyPress) => unknown
}

export interface Command {
  readonly id: string
  readonly title: string
  /** Heading in the sheet. */
  readonly group: string
  readonly scope: Scope
  readonly keys: readonly string[]
  readonly native?: boolean
  readonly button?: string | undefined
  readonly icon?: Component<LucideProps> | undefined
}

/** The commands of a view, and how they are carried out there. */
export interface CommandSet<View, Name extends string = string> {
  readonly list: readonly Command[]
  /** Handlers by id; of these names where some are given. */
  handlers(view: View, names?: readonly Name[]): Record<string, Handler>
}

const all: Command[] = []
/** In the order of the sheet: see ../commands.ts. */
export const commands: readonly Command[] = all
const byId = new Map<string, Command>()

/** Puts commands into the table; their ids are `area.name`. */
export function define<View, Area extends keyof Titles>(
  area: Area,
  scope: Scope,
  specs: { [Name in keyof Titles[Area]]?: Spec<View> }
): CommandSet<View, keyof Titles[Area] & string> {
  const entries = Object.entries(specs) as [string, Spec<View>][]
  const list = entries.map(([name, { group, keys = [], title, button, icon, native }]): Command => ({
    id: `${area}.${name}`,
    title: title ?? t(`keys:commands.${area}.${name}` as 'keys:commands.app.palette'),
    group: t(`keys:groups.${group}`),
    scope,
    keys,
    ...(native && { native }),
    button,
    icon
  }))
  all.push(...list)
  for (const command of list) byId.set(command.id, command)
  return {
    list,
    handlers: (view, names) => {
      const own = entries.filter(([name, { run }]) => run && (!names || names.includes(name as never)))
      return Object.fromEntries(
        own.map(([name, { when, run }]): [string, Handler] => [
          `${area}.${name}`,
          (event) => (when && !when(view) ? false : run!(view, event))
        ])
      )
    }
  }
}

/** @throws Error for an id that is not in the table, a fault of ours */
export function command(id: string): Command {
  const found = byId.get(id)
  if (!found) throw new Error(`There is no command ${id}`)
  return found
}

/** Keys that a person gave to commands in place of the table's; see changeKeys.ts. */
const chosen = new SvelteMap<string, readonly string[]>()

/** The keys of a command as they are now; the first is the one shown. */
export const keysOf = (id: string): readonly string[] => chosen.get(id) ?? command(id).keys

export const chosenKeys = (): Record<string, readonly string[]> => Object.fromEntries(chosen)

/** From now on these keys are a person's own, all others the table's. */
export function chooseKeys(keys: Record<string, readonly string[]>): void {
  for (const id of [...chosen.keys()]) if (!(id in keys)) chosen.delete(id)
  for (const [id, own] of Object.entries(keys)) chosen.set(id, own)
}

/** The command of a press in a scope, or null. */
export function findCommand(event: KeyPress, scope: Scope, mac = isMac): Command | null {
  const chord = chordOf(event, mac)
  if (chord === null) return null
  const place = digitPlace(event)
  return commandOf(chord, scope) ?? (place === null ? null : commandOf(place, scope))
}

/** A keyboard whose digits need Shift, as the French one: the key alone counts as its digit where it is no command itself. */
function digitPlace(event: KeyPress): string | null {
  const digit = /^Digit(\d)$/.exec(event.code)?.[1]
  const alone = isPlain(event) && !event.shiftKey && [...event.key].length === 1 && !/^\d$/.test(event.key)
  return digit !== undefined && alone ? digit : null
}

function commandOf(chord: string, scope: Scope): Command | null {
  return (
    commands.find(
      (candidate) =>
        !candidate.native &&
        (candidate.scope === scope || candidate.scope === 'everywhere') &&
        keysOf(candidate.id).includes(chord)
    ) ?? null
  )
}

/** `aria-keyshortcuts` of a command. */
export const ariaKeys = (id: string, mac = isMac): string | undefined =>
  keysOf(id).length === 0
    ? undefined
    : keysOf(id)
        .map((key) => key.replace('Mod', mac ? 'Meta' : 'Control'))
        .join(' ')
