/** Electron's words for what structured clone refuses. */
export function cloned<T>(value: T): T {
  try {
    return structuredClone(value)
  } catch (error) {
    throw new Error('An object could not be cloned.', { cause: error })
  }
}

/**
 * Electron's contextBridge: two worlds that share nothing. Functions are called across it, promises waited for across it;
 * everything else is cloned, what a function is given as well as what it returns, whichever side it is of.
 */
export function createBridge() {
  const page: Record<string, unknown> = {}
  return { page, contextBridge: { exposeInMainWorld: (name: string, api: unknown) => void (page[name] = across(api)) } }
}

function across(value: unknown): unknown {
  if (typeof value === 'function') {
    const called = value as (...parameters: unknown[]) => unknown
    return (...parameters: unknown[]) => across(called(...parameters.map(across)))
  }
  if (value instanceof Promise) return value.then(across)
  if (isTable(value))
    return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, one]) => [key, across(one)])))
  return cloned(value)
}

const isTable = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.values(value).some((one) => typeof one === 'function')
