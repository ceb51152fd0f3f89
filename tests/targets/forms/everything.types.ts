// formwright types 1: form everything, b86bd5086d2f7e378c772eb7ba44e77d3aef84f60b541234bfd2681192610477

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
   * Wishes
   */
  wishes?: EverythingLists["colours"][] | null;
  /**
   * Where?
   */
  place?: {
    /**
     * Decimal, digits after the point: 7.
     */
    latitude?: string | number | null;
    /**
     * Decimal, digits after the point: 7.
     */
    longitude?: string | number | null;
    /**
     * Decimal, digits after the point: 2.
     */
    altitude?: string | number | null;
    /**
     * Decimal, digits after the point: 2.
     */
    accuracy?: string | number | null;
  } | null;
  /**
   * Home
   * Your house.
   */
  home: {
    /**
     * Decimal, digits after the point: 7.
     */
    latitude: string | number;
    /**
     * Decimal, digits after the point: 7.
     */
    longitude: string | number;
    /**
     * Decimal, digits after the point: 2.
     */
    altitude?: string | number | null;
    /**
     * Decimal, digits after the point: 2.
     */
    accuracy?: string | number | null;
  };
  /**
   * Photo
   */
  photo?: {
    id?: string | null;
    name?: string | null;
    type?: string | null;
    /**
     * Integer.
     */
    size?: number | null;
    sha256?: string | null;
  } | null;
  /**
   * Paper
   */
  paper: {
    id: string;
    name?: string | null;
    type?: string | null;
    /**
     * Integer.
     */
    size?: number | null;
    sha256?: string | null;
  };
  /**
   * Signed
   */
  signed?: {
    id?: string | null;
    name?: string | null;
    type?: string | null;
    /**
     * Integer.
     */
    size?: number | null;
    sha256?: string | null;
  } | null;
  /**
   * Mood
   */
  mood: {
    /**
     * Calm
     */
    calm: EverythingLists["colours"];
    /**
     * Tense
     * Or cross.
     */
    tense: EverythingLists["colours"];
    /**
     * Tired
     */
    tired?: EverythingLists["colours"] | "" | null;
  };
  scans?: {
    /**
     * Front
     */
    front?: {
      id?: string | null;
      name?: string | null;
      type?: string | null;
      /**
       * Integer.
       */
      size?: number | null;
      sha256?: string | null;
    } | null;
    /**
     * Back
     */
    back?: {
      id?: string | null;
      name?: string | null;
      type?: string | null;
      /**
       * Integer.
       */
      size?: number | null;
      sha256?: string | null;
    } | null;
  } | null;
  /**
   * Starts
   * Date and time in a zone: 2026-01-31T10:00:00+01:00[Europe/Berlin]. Offset and zone may be left out: then it is in Europe/London.
   */
  starts: string;
  /**
   * Ends
   * Date and time in a zone: 2026-01-31T10:00:00+01:00[Europe/Berlin]. Offset and zone may be left out: then it is in UTC.
   */
  ends?: string | null;
  /**
   * Computed: what is sent is ignored.
   */
  lands?: unknown;
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
  points?: unknown;
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
   * Wishes
   */
  wishes?: EverythingLists["colours"][];
  /**
   * Where?
   */
  place?: {
    /**
     * Decimal, digits after the point: 7.
     */
    latitude?: string;
    /**
     * Decimal, digits after the point: 7.
     */
    longitude?: string;
    /**
     * Decimal, digits after the point: 2.
     */
    altitude?: string;
    /**
     * Decimal, digits after the point: 2.
     */
    accuracy?: string;
  };
  /**
   * Home
   * Your house.
   */
  home: {
    /**
     * Decimal, digits after the point: 7.
     */
    latitude: string;
    /**
     * Decimal, digits after the point: 7.
     */
    longitude: string;
    /**
     * Decimal, digits after the point: 2.
     */
    altitude?: string;
    /**
     * Decimal, digits after the point: 2.
     */
    accuracy?: string;
  };
  /**
   * Photo
   */
  photo?: {
    id?: string;
    name?: string;
    type?: string;
    /**
     * Integer.
     */
    size?: number;
    sha256?: string;
  };
  /**
   * Paper
   */
  paper: {
    id: string;
    name?: string;
    type?: string;
    /**
     * Integer.
     */
    size?: number;
    sha256?: string;
  };
  /**
   * Signed
   */
  signed?: {
    id?: string;
    name?: string;
    type?: string;
    /**
     * Integer.
     */
    size?: number;
    sha256?: string;
  };
  /**
   * Mood
   */
  mood: {
    /**
     * Calm
     */
    calm: EverythingLists["colours"];
    /**
     * Tense
     * Or cross.
     */
    tense: EverythingLists["colours"];
    /**
     * Tired
     */
    tired?: EverythingLists["colours"];
  };
  scans?: {
    /**
     * Front
     */
    front?: {
      id?: string;
      name?: string;
      type?: string;
      /**
       * Integer.
       */
      size?: number;
      sha256?: string;
    };
    /**
     * Back
     */
    back?: {
      id?: string;
      name?: string;
      type?: string;
      /**
       * Integer.
       */
      size?: number;
      sha256?: string;
    };
  };
  /**
   * Starts
   * Date and time in a zone: 2026-01-31T10:00:00+01:00[Europe/Berlin].
   */
  starts: string;
  /**
   * Ends
   * Date and time in a zone: 2026-01-31T10:00:00+01:00[Europe/Berlin].
   */
  ends?: string;
  /**
   * Date and time in a zone: 2026-01-31T10:00:00+01:00[Europe/Berlin].
   */
  lands?: string;
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
  /**
   * Integer.
   */
  points?: number;
  said?: string;
}
