import { setTimeout as sleep } from 'node:timers/promises'

/**
 * The page of a running app, over Chromium's debugging port.
 * @param onFault told what the page throws, and what it writes at level error
 * @returns `evaluate` a JavaScript expression there, `press` a key, `type` a text, `crash` its process, `shut` its window, `close`
 */
export async function connect(port, seconds = 60, onFault = (text) => console.error(`page: ${text}`)) {
  const socket = await opened(await addressOf(port, seconds))
  const waiting = new Map()
  let last = 0
  const send = (method, params = {}) =>
    new Promise((resolve) => {
      if (socket.readyState !== WebSocket.OPEN) return resolve({ error: { message: 'the page is gone' } })
      waiting.set(++last, resolve)
      socket.send(JSON.stringify({ id: last, method, params }))
    })
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(data)
    waiting.get(message.id)?.(message)
    waiting.delete(message.id)
    const fault = faultIn(message)
    if (fault) onFault(fault)
  })
  socket.addEventListener('close', () => {
    for (const resolve of waiting.values()) resolve({ error: { message: 'the page is gone' } })
  })
  await send('Runtime.enable')
  await send('Log.enable')
  return {
    async evaluate(expression) {
      const { result, error } = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })
      if (error || result.exceptionDetails)
        throw new Error(error?.message ?? result.exceptionDetails.exception?.description ?? 'failed')
      return result.result.value
    },
    /** @param key a letter, or a key's name as `KeyboardEvent.key` has it */
    async press(key, { alt = false, control = false, shift = false } = {}) {
      const common = { key, ...codesOf(key), modifiers: (alt ? 1 : 0) + (control ? 2 : 0) + (shift ? 8 : 0) }
      const text = key === 'Enter' ? '\r' : key.length === 1 && !alt && !control ? key : undefined
      await send('Input.dispatchKeyEvent', { ...common, type: text ? 'keyDown' : 'rawKeyDown', text })
      await send('Input.dispatchKeyEvent', { ...common, type: 'keyUp' })
    },
    type: (text) => send('Input.insertText', { text }),
    async crash() {
      void send('Page.crash')
      await sleep(3000)
      socket.close()
    },
    shut: () => send('Page.close'),
    close: () => socket.close()
  }
}

const named = { Enter: 13, Escape: 27, Home: 36, End: 35, Tab: 9 }
const codesOf = (key) =>
  key.length === 1
    ? { code: `Key${key.toUpperCase()}`, windowsVirtualKeyCode: key.toUpperCase().charCodeAt(0) }
    : { code: key, windowsVirtualKeyCode: named[key] }

function faultIn({ method, params }) {
  if (method === 'Runtime.exceptionThrown') return params.exceptionDetails.exception?.description
  if (method === 'Log.entryAdded' && params.entry.level === 'error') return params.entry.text
  if (method === 'Runtime.consoleAPICalled' && params.type === 'error')
    return params.args.map(({ value, description }) => description ?? value).join(' ')
  return null
}

async function addressOf(port, seconds) {
  for (const end = Date.now() + seconds * 1000; ;) {
    try {
      const pages = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()
      const page = pages.find(({ type, url }) => type === 'page' && url.startsWith('nomina:'))
      if (page) return page.webSocketDebuggerUrl
    } catch {
      // It does not listen yet.
    }
    if (Date.now() > end) throw new Error(`No window opened within ${seconds} s.`)
    await sleep(300)
  }
}

const opened = (url) =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url)
    socket.onopen = () => resolve(socket)
    socket.onerror = reject
  })
