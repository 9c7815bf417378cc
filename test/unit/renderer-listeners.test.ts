/** Electron's bridge clones what a listener returns: a proxy would throw there, and later listeners would hear nothing. */
import { afterEach, expect, it, vi } from 'vitest'

afterEach(() => vi.unstubAllGlobals())

it('listeners of the core give nothing back, whatever they return themselves', async () => {
  const heard: ((payload: unknown) => unknown)[] = []
  const bridge = {
    call: vi.fn(),
    on: (_name: string, listener: (payload: unknown) => unknown) => {
      heard.push(listener)
      return () => undefined
    }
  }
  vi.stubGlobal('window', { nomina: bridge })
  const { on } = await import('../../src/renderer/src/lib/api')
  const told = vi.fn(() => new Proxy({}, {}))
  on('engine.changed', told)
  expect(heard.map((listener) => listener({}))).toEqual([undefined])
  expect(told).toHaveBeenCalledTimes(1)
})
