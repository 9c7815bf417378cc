/** Lists of kinds of decision that the compiler doesn't reach. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { decisionKinds, labelOfKind, traitsOf, wordStates } from '../../src/shared/states'

it('the cluster knows the same kinds of decision', () => {
  const path = join(import.meta.dirname, '../../cluster/nomina_cluster/decisions.py')
  const listed = (name: string): string[] => {
    const [, list] = new RegExp(`^${name} = \\((.*)\\)$`, 'm').exec(readFileSync(path, 'utf8'))!
    return list!.split(', ').map((word) => word.slice(1, -1))
  }
  const saying = (label: string): string[] => decisionKinds.filter((kind) => traitsOf(kind).label === label)
  expect(listed('TEXTS')).toEqual(saying('text'))
  expect(listed('WORDS')).toEqual(wordStates.flatMap(saying))
})

it('what is said in place of a text is the name of its kind, too', () => {
  expect(wordStates.map((state) => labelOfKind(state))).toEqual(wordStates)
})
