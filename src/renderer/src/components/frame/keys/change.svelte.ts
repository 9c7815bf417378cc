/** Changing a key, step by step: press the new one; where it is another command's, say so and let the person choose. */
import { t } from '../../../i18n'
import { announce } from '../../../lib/announcer.svelte'
import {
  holdersOf,
  holdersOfTableKeys,
  refusalOf,
  withFirstKey,
  withoutKeys,
  withTableKeys,
  type Keys
} from '../../../lib/changeKeys'
import { chooseKeys, command, keysOf, type Command } from '../../../lib/keymap'
import { chordOf, keyLabel } from '../../../lib/keys'
import { session } from '../../../lib/session.svelte'

export interface Conflict {
  id: string
  /** The keys that are asked for, as they are shown. */
  key: string
  holders: readonly Command[]
  /** All keys, should the holders lose theirs. */
  then: Keys
}

const modifiers = new Set(['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Fn', 'Dead'])

/** `Alt B or F2`. */
export const keysSaid = (id: string): string =>
  keysOf(id).length === 0
    ? t('keys:noKey')
    : keysOf(id)
        .map((key) => keyLabel(key))
        .join(` ${t('keys:or')} `)

export class KeyChange {
  /** The command whose new key is waited for. */
  recording = $state<string | null>(null)
  conflict = $state.raw<Conflict | null>(null)
  /** Why a key could not be given. */
  refusal = $state.raw<{ id: string; why: string } | null>(null)

  begin(id: string): void {
    this.cancel()
    this.recording = id
    announce(t('keys:recording', { title: command(id).title }))
  }

  /** True where there was something to give up. */
  cancel(): boolean {
    const busy = this.recording !== null || this.conflict !== null || this.refusal !== null
    this.recording = null
    this.conflict = null
    this.refusal = null
    return busy
  }

  /** Takes the key that was pressed; true where it was the one waited for. */
  press(event: KeyboardEvent): boolean {
    const id = this.recording
    if (id === null || event.repeat || modifiers.has(event.key)) return id !== null
    if (event.key === 'Escape') return this.cancel()
    const chord = chordOf(event)
    if (chord === null) return true
    const refused = refusalOf(id, chord)
    if (refused) {
      this.refusal = { id, why: t(`keys:refused.${refused}`, { key: keyLabel(chord) }) }
      announce(this.refusal.why)
      return true
    }
    this.recording = null
    this.refusal = null
    this.#settle(id, keyLabel(chord), holdersOf(id, chord), withFirstKey(id, chord))
    return true
  }

  /** Gives a command the keys of the table again. */
  reset(id: string): void {
    this.cancel()
    const shown = command(id).keys.map((key) => keyLabel(key))
    this.#settle(id, shown.join(` ${t('keys:or')} `), holdersOfTableKeys(id), withTableKeys(id))
  }

  takeAway(id: string): void {
    this.cancel()
    this.#keep(id, withoutKeys(id))
  }

  resetAll(): void {
    this.cancel()
    chooseKeys({})
    void session.setPreference('keys', {})
    announce(t('keys:resetAllDone'))
  }

  /** The other command loses the key. */
  resolve(): void {
    const conflict = this.conflict
    if (!conflict) return
    this.conflict = null
    this.#keep(conflict.id, conflict.then)
  }

  #settle(id: string, key: string, holders: readonly Command[], then: Keys): void {
    if (holders.length > 0) this.conflict = { id, key, holders, then }
    else this.#keep(id, then)
  }

  #keep(id: string, keys: Keys): void {
    chooseKeys(keys)
    void session.setPreference('keys', keys)
    const { title } = command(id)
    announce(keysOf(id).length === 0 ? t('keys:taken', { title }) : t('keys:now', { title, keys: keysSaid(id) }))
  }
}
