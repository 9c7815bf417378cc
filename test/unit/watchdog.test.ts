import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { bundleProgram, startProgram } from '../fixtures/program'

const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('a child ends with its parent, also where it computes and hears nothing', async () => {
  const child = await bundleProgram('busy-child')
  const parent = startProgram(await bundleProgram('busy-parent'), [child])
  await parent.wroteLines(1)
  const pid = Number(parent.lines[0])
  await pause(500) // it is busy by now
  expect(isThere(pid)).toBe(true)
  parent.child.kill('SIGKILL')
  await parent.ended
  while (isThere(pid)) await pause(50)
}, 20_000)
