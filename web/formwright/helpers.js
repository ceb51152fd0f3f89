/* Helpers: the functions of the language that most forms do without (needs.js), one file as pages load them. */
export * from './numbers.js'
export * from './letters.js'
export * from './calendar.js'
export * from './lists.js'
export * from './checksum.js'
export * from './aggregate.js'
