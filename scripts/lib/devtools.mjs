import { setTimeout as sleep } from 'node:timers/promises'

/**
 * The page of a running app, over Chromium's debugging port. What it throws or complains of is written to standard error.
 * @returns `evaluate` a JavaScript expression there, `crash` its process, `close`
 */
export async function connect(port, seconds = 60) {
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
    if (message.method === 'Runtime.exceptionThrown')
      console.error(`page: ${message.params.exceptionDetails.exception?.description}`)
  })
  socket.addEventListener('close', () => {
    for (const resolve of waiting.values()) resolve({ error: { message: 'the page is gone' } })
  })
  await send('Runtime.enable')
  return {
    async evaluate(expression) {
      const { result, error } = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })
      if (error || result.exceptionDetails)
        throw new Error(error?.message ?? result.exceptionDetails.exception?.description ?? 'failed')
      return result.result.value
    },
    async crash() {
      void send('Page.crash')
      await sleep(3000)
      socket.close()
    },
    close: () => socket.close()
  }
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
