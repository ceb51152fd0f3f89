/* What `import … from 'formwright'` gives, with all that any form needs; index.d.ts tells the types. */
import * as helpers from './helpers.js'
import * as moments from './moments.js'
import { provide } from './needs.js'

export { createForm } from './headless.js'
provide(helpers, moments)
