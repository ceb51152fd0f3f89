/* Types: the numbers by which modules call kinds of nodes, types, formats and flags; those of dsl/program.h and dsl/emit_js.c. */
export const FORM = 0, PAGE = 1, GROUP = 2, REPEAT = 3, FIELD = 4, NOTE = 5, LET = 6, SECTION = 7
export const TEXT = 1, BOOLEAN = 2, INTEGER = 3, DECIMAL = 4, MONEY = 5, NUMBER = 6, DATE = 7, TIME = 8, DATETIME = 9
export const CHOICE = 10, CHOICES = 11, YEAR_MONTH = 12, PARTIAL_DATE = 13, RANKING = 14
export const EMAIL = 1, URL_FORMAT = 2, PHONE = 3, ZONED = 4
export const FLAG_UNKNOWN = 1, FLAG_HIDDEN = 2, FLAG_KEEP = 4, FLAG_READONLY = 8, FLAG_MULTILINE = 16, FLAG_SENT = 64, FLAG_MEMBER = 128, FLAG_OPEN = 256, FLAG_FILTERED = 1024
export const MATRIX = 1, PLACE = 2, FILE = 3
