/* Moments: times, moments in zones, months and dates of which not all is known (needs.js), one file as pages load them. */
export * from './clock.js'
export * from './zone.js'
export * from './partial.js'
export * from './moment.js'
