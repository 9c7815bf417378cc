/** The pages process: decoding, registration and crops, away from every event loop that a person waits for. Entry of out/main/pages.js. */
import { openPort } from '../../processes'
import { messageOf, NominaError } from '../../../shared/failure'
import type { PagesReply, PagesRequest } from './protocol'
import { createWork, type Vision } from './work'

/** OpenCV is loaded when it is first needed: pictures of pages need none. */
const vision = async (): Promise<Vision> => {
  const [register, propose] = await Promise.all([import('../register'), import('../propose')])
  return { ...register, ...propose }
}

const port = openPort<PagesRequest, PagesReply>()
const work = createWork(vision)

port.onMessage((request) => {
  const { id, name, input } = request
  ;(work[name] as (input: unknown) => Promise<unknown>)(input).then(
    (value) => port.post({ id, ok: true, value }),
    (error: unknown) => {
      if (!(error instanceof NominaError)) console.error(error)
      const code = error instanceof NominaError ? error.code : 'internal'
      port.post({ id, ok: false, code, reason: messageOf(error) })
    }
  )
})
