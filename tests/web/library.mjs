// All that the files of the library export, as one, with what only some forms need there.
import * as helpers from '../../web/formwright/helpers.js'
import * as moments from '../../web/formwright/moments.js'
import { provide } from '../../web/formwright/needs.js'

export * from '../../web/formwright/exact.js'
export * from '../../web/formwright/text.js'
export * from '../../web/formwright/civil.js'
export * from '../../web/formwright/choice.js'
export * from '../../web/formwright/pattern.js'
export * from '../../web/formwright/answers.js'
export * from '../../web/formwright/verdict.js'
export * from '../../web/formwright/locale.js'
export * from '../../web/formwright/wording.js'
export * from '../../web/formwright/helpers.js'
export * from '../../web/formwright/moments.js'
provide(helpers, moments)
