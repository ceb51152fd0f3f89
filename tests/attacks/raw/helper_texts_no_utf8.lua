-- values | broken | texts that are no UTF-8 for every helper that reads them
return function(S)
  local t = "\xff\xc0\x80\xed\xa0\x80\xf8\x80" S[1] = length(t) + words(t)
  local a = upper(t) local b = lower(t) local c = substring(t, 2, 3) local d = replace(t, "\xc0", "\xff")
  local e = parse_integer(t) local f = parse_decimal(t, 2) local g = parse_date(t) local h = matches(0, t) local i = text_less(t, a or "")
end
