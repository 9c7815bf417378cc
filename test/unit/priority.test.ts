import { getPriority } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import { spawnNode } from '../../src/reading/processes'
import { bundleProgram } from '../fixtures/program'

test('a process of reading gives way to the windows, and one that makes what a person waits for does not', async () => {
  const path = await bundleProgram('priority')
  const priorityOf = (first: boolean): Promise<number> => {
    const child = spawnNode<{ start: true }, { priority: number }>(path, first)()
    onTestFinished(() => child.kill())
    return new Promise((resolve) => {
      child.onMessage(({ priority }) => resolve(priority))
      child.send({ start: true })
    })
  }
  expect(await priorityOf(true)).toBe(getPriority())
  expect(await priorityOf(false)).toBeGreaterThan(getPriority())
})
