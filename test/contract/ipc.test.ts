import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isOurPage, serveCalls } from '../../src/main/ipc'
import { displaySet, fitToDisplays, readWindowState, withoutDrift, writeWindowState } from '../../src/main/windowState'
import { channels, pageUrl } from '../../src/shared/wire'
import { createIpc, nativeHost } from './ipcStandIn'

const answering = { call: async () => ({ ok: true as const, value: {} as never }) }

describe('Electron’s IPC', () => {
  it.each([
    ['another origin', 'https://evil.example/index.html', null],
    ['a file', 'file:///index.html', null],
    ['another host of our scheme', 'nomina://evil/index.html', null],
    ['a name that looks like ours', 'nomina://app.evil/index.html', null],
    ['a frame within the page', pageUrl, {}],
    ['an empty page', 'about:blank', null],
    ['nothing', '', null]
  ])('does not answer %s', async (_who, url, parent) => {
    const { ipcMain, ipcRenderer } = createIpc(url, parent)
    serveCalls(ipcMain, answering, nativeHost)
    await expect(ipcRenderer.invoke(channels.call, 'app.info', {})).rejects.toThrow('Only the page of Nomina')
    await expect(ipcRenderer.invoke(channels.host, 'pickFolder', 'A folder')).rejects.toThrow('Only the page of Nomina')
  })

  it('does not answer a frame that is gone', () => {
    expect(isOurPage(null)).toBe(false)
    expect(isOurPage({ url: pageUrl, parent: null })).toBe(true)
  })

  it('passes what native dialogs answer', async () => {
    const { ipcMain, ipcRenderer } = createIpc()
    serveCalls(ipcMain, answering, nativeHost)
    expect(await ipcRenderer.invoke(channels.host, 'pickFolder', 'scans')).toBe('/picked/scans')
    expect(await ipcRenderer.invoke(channels.host, 'pickFile', 'Labels', ['csv'])).toBe('/picked/labels.csv')
    expect(await ipcRenderer.invoke(channels.host, 'saveFile', 'Export', '/tmp/names.csv')).toBe('/tmp/names.csv')
    expect(await ipcRenderer.invoke(channels.host, 'revealPath', '/tmp')).toBeUndefined()
  })

  it.each([
    ['pickFolder', []],
    ['pickFolder', [{ title: 'x' }]],
    ['pickFile', ['Labels', ['../csv']]],
    ['revealPath', [7]],
    ['openPath', ['/bin/sh']],
    ['toString', []],
    [null, []]
  ])('refuses the dialog %s with %j', async (method, parameters) => {
    const { ipcMain, ipcRenderer } = createIpc()
    serveCalls(ipcMain, answering, nativeHost)
    await expect(ipcRenderer.invoke(channels.host, method, ...parameters)).rejects.toThrow(String(method))
  })
})

describe('the window’s place', () => {
  const laptop = { x: 0, y: 0, width: 1440, height: 860 }

  it('is kept where its display still is', () => {
    const state = { x: 1600, y: 50, width: 1000, height: 700, maximised: false }
    expect(fitToDisplays(state, [laptop, { x: 1440, y: 0, width: 1920, height: 1080 }])).toEqual(state)
  })

  it('is left to the system where its display is gone', () => {
    const state = { x: 1600, y: 50, width: 1000, height: 700, maximised: true }
    expect(fitToDisplays(state, [laptop])).toEqual({ width: 1000, height: 700, maximised: true })
  })

  it('does not creep by its frame from start to start, and follows whoever moves it', () => {
    const asked = { x: 100, y: 100, width: 900, height: 700, maximised: false }
    const told = { x: 101, y: 120, width: 900, height: 700 }
    expect(withoutDrift(asked, told, told)).toMatchObject({ x: 100, y: 100 })
    expect(withoutDrift(asked, told, { ...told, x: 301, y: 420 })).toMatchObject({ x: 300, y: 400 })
    const tiled = { ...told, x: 700, y: 0 }
    expect(withoutDrift(asked, tiled, tiled)).toEqual(tiled)
  })

  it('is remembered for each set of displays', () => {
    const folder = mkdtempSync(join(tmpdir(), 'nomina-place-'))
    const file = join(folder, 'window.json')
    const desk = displaySet([laptop, { x: 1440, y: 0, width: 1920, height: 1080 }])
    const road = displaySet([laptop])
    const there = { x: 1600, y: 50, width: 1000, height: 700, maximised: false }
    const here = { x: 10, y: 20, width: 800, height: 600, maximised: true }
    writeWindowState(file, desk, there)
    writeWindowState(file, road, here)
    expect([readWindowState(file, desk), readWindowState(file, road)]).toEqual([there, here])
    expect(readWindowState(file, 'a projector')).toEqual(here)
    writeFileSync(file, '{"x":')
    expect(readWindowState(file, road)).toMatchObject({ width: 1280, height: 860 })
    rmSync(folder, { recursive: true })
  })

  it('is never larger than the display', () => {
    const state = { x: 0, y: 0, width: 3000, height: 2000, maximised: false }
    expect(fitToDisplays(state, [laptop])).toEqual({ x: 0, y: 0, width: 1440, height: 860, maximised: false })
  })
})
