import { describe, expect, it } from 'vitest'
import { isOurPage, serveCalls } from '../../src/main/ipc'
import { fitToDisplays } from '../../src/main/windowState'
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

  it('is never larger than the display', () => {
    const state = { x: 0, y: 0, width: 3000, height: 2000, maximised: false }
    expect(fitToDisplays(state, [laptop])).toEqual({ x: 0, y: 0, width: 1440, height: 860, maximised: false })
  })
})
