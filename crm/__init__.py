"""The client register: what this firm keeps about its clients, and the faces' only way in."""
