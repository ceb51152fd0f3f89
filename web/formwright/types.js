/* Types: the numbers by which modules call types and formats; those of dsl/program.h. */
export const TEXT = 1, BOOLEAN = 2, INTEGER = 3, DECIMAL = 4, MONEY = 5, NUMBER = 6, DATE = 7, TIME = 8, DATETIME = 9
export const CHOICE = 10, CHOICES = 11, YEAR_MONTH = 12, PARTIAL_DATE = 13, RANKING = 14
export const EMAIL = 1, URL_FORMAT = 2, PHONE = 3, ZONED = 4
