"""Who is in, what they may do, and which day it is: what every service is built with."""
