import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { bundleProgram, startProgram } from '../fixtures/program'

const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test.each([
  ['computes and hears nothing', 'thread'],
  ['waits for what other threads compute, as for a decoded image', 'pool']
])(
  'a child ends with its parent, also where it %s',
  async (_, where) => {
    const child = await bundleProgram('busy-child')
    const parent = startProgram(await bundleProgram('busy-parent'), [child, where])
    await parent.wroteLines(1)
    const pid = Number(parent.lines[0])
    onTestFinished(() => void (isThere(pid) && process.kill(pid, 'SIGKILL')))
    await pause(500) // it is busy by now
    expect(isThere(pid)).toBe(true)
    parent.child.kill('SIGKILL')
    await parent.ended
    while (isThere(pid)) await pause(50)
  },
  20_000
)

/** By proc(5): each thread's name, and how far it stands back. */
const threadsOf = (pid: number): { name: string; nice: number }[] =>
  readdirSync(`/proc/${pid}/task`).map((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1')
    const end = stat.lastIndexOf(')')
    return { name: stat.slice(stat.indexOf('(') + 1, end), nice: Number(stat.slice(end + 2).split(' ')[16]) }
  })

test.runIf(process.platform === 'linux')(
  'a child gives way to windows, and its look after the parent does not',
  async () => {
    const parent = startProgram(await bundleProgram('busy-parent'), [await bundleProgram('busy-child'), 'thread'])
    await parent.wroteLines(1)
    const threads = threadsOf(Number(parent.lines[0]))
    const niceOf = (name: string): number => threads.find((thread) => thread.name === name)!.nice
    expect(niceOf('MainThread')).toBeGreaterThan(niceOf('WorkerThread'))
  }
)
