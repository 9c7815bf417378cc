/** Keys of a person's own: what may be one, whose it is already, and what remains after it was given away. */
import { chosenKeys, command, commands, keysOf, type Command, type Scope } from './keymap'

export type Keys = Record<string, readonly string[]>
/** Why a key can't be a command's: it types, the text or the view needs it, or the browser never gives it away. */
export type Refusal = 'types' | 'native' | 'browser'

const browserKeys = new Set(
  ['W', 'N', 'T', 'Q', 'L', 'R', 'Shift+N', 'Shift+T', 'Shift+W', 'Shift+R', 'Tab', 'Shift+Tab']
    .map((key) => `Mod+${key}`)
    .concat('Alt+F4', 'F5', 'F11', 'F12')
)
/** What moves and edits in any text. */
const textKeys = new Set(
  ['ArrowLeft', 'ArrowRight', 'Home', 'End', 'Backspace', 'Delete', 'Space', 'Shift+Space']
    .concat(
      ['A', 'C', 'V', 'X', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'Backspace', 'Delete'].map((key) => `Mod+${key}`)
    )
    .concat(['ArrowLeft', 'ArrowRight', 'Home', 'End'].map((key) => `Shift+${key}`))
)

const types = (chord: string): boolean => [...chord.replace(/^Shift\+/, '')].length === 1
const typesIn = (scope: Scope): boolean => scope === 'review' || scope === 'everywhere'
const meet = (a: Scope, b: Scope): boolean => a === b || a === 'everywhere' || b === 'everywhere'

/** Why this key can't be given to this command; null where it can. Digits may pick readings where names have none. */
export function refusalOf(id: string, chord: string): Refusal | null {
  const { scope } = command(id)
  if (browserKeys.has(chord)) return 'browser'
  const picks = /^review\.alternative\d$/.test(id) && /^\d$/.test(chord)
  if (typesIn(scope) && types(chord) && !picks) return 'types'
  if (typesIn(scope) && textKeys.has(chord)) return 'native'
  const native = commands.some((other) => other.native && meet(other.scope, scope) && other.keys.includes(chord))
  return native ? 'native' : null
}

/** The other commands that have this key where the command would have it too. */
export const holdersOf = (id: string, chord: string): Command[] =>
  commands.filter(
    (other) =>
      other.id !== id && !other.native && meet(other.scope, command(id).scope) && keysOf(other.id).includes(chord)
  )

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((key, index) => key === b[index])

/** Only what is not the table's own is kept. */
const withKeys = (all: Keys, id: string, keys: readonly string[]): Keys => {
  const { [id]: _before, ...others } = all
  return same(keys, command(id).keys) ? others : { ...others, [id]: keys }
}

/** After a command got these keys and every other command lost them. */
function give(id: string, keys: readonly string[]): Keys {
  let all = withKeys(chosenKeys(), id, keys)
  for (const holder of new Set(keys.flatMap((key) => holdersOf(id, key)))) {
    all = withKeys(
      all,
      holder.id,
      keysOf(holder.id).filter((key) => !keys.includes(key))
    )
  }
  return all
}

/** The keys after this one was made a command's first; it takes the place of the one shown before. */
export const withFirstKey = (id: string, chord: string): Keys =>
  give(id, [
    chord,
    ...keysOf(id)
      .slice(1)
      .filter((key) => key !== chord)
  ])

/** The keys after a command lost all of its own. */
export const withoutKeys = (id: string): Keys => give(id, [])

/** The keys after a command got the table's again; whoever has them now loses them. */
export const withTableKeys = (id: string): Keys => give(id, command(id).keys)

/** The commands that have one of these keys now. */
export const holdersOfTableKeys = (id: string): Command[] => [
  ...new Set(command(id).keys.flatMap((key) => holdersOf(id, key)))
]

export const isChosen = (id: string): boolean => id in chosenKeys()

/** What is kept, as far as it still makes sense: known commands, keys that they may have. */
export function readKeys(kept: Keys): Keys {
  const known = new Map(commands.filter(({ native }) => !native).map((each) => [each.id, each]))
  return Object.fromEntries(
    Object.entries(kept).flatMap(([id, keys]) => {
      const own = known.get(id)
      return own ? [[id, keys.filter((key) => key && (own.keys.includes(key) || refusalOf(id, key) === null))]] : []
    })
  )
}
