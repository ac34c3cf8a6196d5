"""Where floods come from."""

# 47 networks: 30 addresses of IPv4, 17 networks of IPv6, twelve of them in one /48.
SENDERS = [f"198.51.100.{number}" for number in range(30)]
SENDERS += [f"2001:db8:1:{number}::1" for number in range(12)]
SENDERS += [f"2001:db8:{number}::1" for number in range(2, 7)]
