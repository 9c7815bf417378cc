/** The process that brings a project up to date. Entry of out/main/migrator.js. */
import { endAtOnce, openPort } from '../../reading/processes'
import type { Step } from './migrate'
import { closeStore, openStore } from './open'
import type { ToMigrate } from './beside'

const port = openPort<ToMigrate, Step>()

port.onMessage(({ folder }) => {
  try {
    closeStore(openStore(folder, { create: false, stepped: (step) => port.post(step) }))
  } finally {
    endAtOnce()
  }
})
