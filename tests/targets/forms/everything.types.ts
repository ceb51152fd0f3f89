// formwright types 1: form everything, c262ad6243ff7043fb5b008b3cf46daebf236a1391f33f909d3c54dd3f2de02a

/** What can be chosen. */
export interface EverythingLists {
  colours: "red" | "green" | "blue";
}

/**
 * Everything there is
 *
 * As it is sent.
 */
export interface EverythingSent {
  /**
   * Some words
   * At most twelve.
   */
  words: string;
  /**
   * A code
   */
  code?: string | null;
  anything?: string | null;
  /**
   * E-mail
   */
  mail?: string | null;
  /**
   * Web site
   */
  site?: string | null;
  /**
   * Telephone
   */
  call?: string | null;
  /**
   * Agreed
   */
  agreed: boolean;
  /**
   * How many of {words}?
   * Integer.
   */
  count_of?: number | null;
  /**
   * Share
   * Decimal, digits after the point: 3.
   */
  share?: string | number | null;
  /**
   * Price
   * Money in EUR.
   */
  price: string | number;
  /**
   * Ratio
   */
  ratio?: number | null;
  /**
   * Day
   * Date: 2026-01-31.
   */
  day?: string | null;
  /**
   * Hour
   * Time: 10:00:00.
   */
  hour?: string | null;
  /**
   * Moment
   * Date and time: 2026-01-31T10:00:00+01:00.
   */
  moment?: string | null;
  /**
   * Colour
   */
  colour?: EverythingLists["colours"] | "" | null;
  /**
   * Colours that you like
   */
  liked?: EverythingLists["colours"][] | null;
  /**
   * Colour
   */
  chosen: EverythingLists["colours"];
  /**
   * Colours
   */
  some: EverythingLists["colours"][];
  /**
   * Topic
   */
  topic?: EverythingLists["colours"] | { other?: string | null } | "" | null;
  /**
   * Topics
   */
  topics?: (EverythingLists["colours"] | { other?: string | null })[] | null;
  /**
   * Since
   * Month: 2026-01.
   */
  since?: string | null;
  /**
   * Born
   * As much of a date as is known: 2026, 2026-01, 2026-01-31.
   */
  born: string;
  /**
   * Address
   */
  address: {
    /**
     * Street
     */
    street: string;
    /**
     * More
     */
    more?: string | null;
  };
  /**
   * Spare
   */
  spare?: {
    /**
     * Note
     */
    "a note"?: string | null;
    [name: string]: unknown;
  } | null;
  /**
   * Person
   */
  person: {
    /**
     * Name
     */
    name: string;
    /**
     * Age
     * Integer.
     */
    age?: number | null;
    /**
     * Pet
     */
    pet?: {
      /**
       * Kind
       */
      kind: string;
    }[] | null;
  }[];
  /**
   * Visit
   */
  visit?: {
    /**
     * On
     * Date: 2026-01-31.
     */
    on: string;
    secret?: string | null;
  }[] | null;
  /**
   * Computed: what is sent is ignored.
   */
  total?: unknown;
  /**
   * Computed: what is sent is ignored.
   */
  said?: unknown;
}

/**
 * Everything there is
 *
 * As it is stored.
 */
export interface EverythingStored {
  /**
   * Some words
   * At most twelve.
   */
  words: string;
  /**
   * A code
   */
  code?: string;
  anything?: string;
  /**
   * E-mail
   */
  mail?: string;
  /**
   * Web site
   */
  site?: string;
  /**
   * Telephone
   */
  call?: string;
  /**
   * Agreed
   */
  agreed: boolean;
  /**
   * How many of {words}?
   * Integer.
   */
  count_of?: number;
  /**
   * Share
   * Decimal, digits after the point: 3.
   */
  share?: string;
  /**
   * Price
   * Money in EUR.
   */
  price: string;
  /**
   * Ratio
   */
  ratio?: number;
  /**
   * Day
   * Date: 2026-01-31.
   */
  day?: string;
  /**
   * Hour
   * Time: 10:00:00.
   */
  hour?: string;
  /**
   * Moment
   * Date and time: 2026-01-31T10:00:00+01:00.
   */
  moment?: string;
  /**
   * Colour
   */
  colour?: EverythingLists["colours"];
  /**
   * Colours that you like
   */
  liked?: EverythingLists["colours"][];
  /**
   * Colour
   */
  chosen: EverythingLists["colours"];
  /**
   * Colours
   */
  some: EverythingLists["colours"][];
  /**
   * Topic
   */
  topic?: EverythingLists["colours"] | { other: string };
  /**
   * Topics
   */
  topics?: (EverythingLists["colours"] | { other: string })[];
  /**
   * Since
   * Month: 2026-01.
   */
  since?: string;
  /**
   * Born
   * As much of a date as is known: 2026, 2026-01, 2026-01-31.
   */
  born: string;
  /**
   * Address
   */
  address: {
    /**
     * Street
     */
    street: string;
    /**
     * More
     */
    more?: string;
  };
  /**
   * Spare
   */
  spare?: {
    /**
     * Note
     */
    "a note"?: string;
  };
  /**
   * Person
   */
  person: {
    /**
     * Name
     */
    name: string;
    /**
     * Age
     * Integer.
     */
    age?: number;
    /**
     * Pet
     */
    pet?: {
      /**
       * Kind
       */
      kind: string;
    }[];
  }[];
  /**
   * Visit
   */
  visit?: {
    /**
     * On
     * Date: 2026-01-31.
     */
    on?: string;
    secret?: string;
  }[];
  /**
   * Money in EUR.
   */
  total?: string;
  said?: string;
}
