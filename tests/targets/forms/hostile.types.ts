// formwright types 1: form _1_hostile, 2dedf99a2936c4f85f5db9c5aed2cfa008a8828abf71d8d63eca0f32713444f6

/** What can be chosen. */
export interface Form1HostileLists {
  bad: "\"; evil(); \"" | "*/" | "\\" | "a\u2028b" | "\u202etxt" | "${x}";
}

/**
 * *\/ export const a = 1 /*
 *
 * As it is sent.
 */
export interface Form1HostileSent {
  /**
   * \@deprecated never
   * {\@link x}
   * \@ts-ignore
   *  turned  line *\/ \@see
   */
  deprecated_?: string | null;
  /**
   * *\/
   */
  "*/ \"] = 1"?: string | null;
  /**
   * a*\/b
   * Integer.
   */
  constructor: number;
  /**
   * Integer.
   */
  __proto__?: number | null;
  "a-b"?: string | null;
  /**
   *  
   */
  import: {
    /**
     * \
     */
    default: string;
  };
  /**
   * Pick
   */
  pick?: Form1HostileLists["bad"] | "" | null;
  /**
   * Picks
   */
  picks?: Form1HostileLists["bad"][] | null;
}

/**
 * *\/ export const a = 1 /*
 *
 * As it is stored.
 */
export interface Form1HostileStored {
  /**
   * \@deprecated never
   * {\@link x}
   * \@ts-ignore
   *  turned  line *\/ \@see
   */
  deprecated_?: string;
  /**
   * *\/
   */
  "*/ \"] = 1"?: string;
  /**
   * a*\/b
   * Integer.
   */
  constructor: number;
  /**
   * Integer.
   */
  __proto__?: number;
  "a-b"?: string;
  /**
   *  
   */
  import: {
    /**
     * \
     */
    default: string;
  };
  /**
   * Pick
   */
  pick?: Form1HostileLists["bad"];
  /**
   * Picks
   */
  picks?: Form1HostileLists["bad"][];
}
