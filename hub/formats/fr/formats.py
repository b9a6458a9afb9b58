# “S” is “er” on the first of a month, and nothing on other days; see hub/formats/ordinals.py.
DATE_FORMAT = "jS F Y"
TIME_FORMAT = "G\u00a0\\h\u00a0i"
DATETIME_FORMAT = "jS F Y, G\u00a0\\h\u00a0i"
SHORT_DATE_FORMAT = "jS M Y"
MONTH_DAY_FORMAT = "jS F"
