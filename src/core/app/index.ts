/** What is the app's and no project's: settings of the program, preferences, models and the processes that read. */
export { createApp, reviewerOf, shippedModels, type App, type CoreOptions, type Power } from './app'
export { owner, type Caller } from './caller'
export { createEventBus } from './events'
