import { expect, test } from 'vitest'
import { earlierStages } from '../../src/shared/job-kinds'

test('a stage works on while one before it may bring fields', () => {
  expect(earlierStages('import')).toEqual([])
  expect(earlierStages('pages')).toEqual(['import'])
  expect(earlierStages('recognise')).toEqual(['import', 'pages'])
})
