/** A chat application that records what happens in it. */
@NullMarked
package com.example.plain;

import org.jspecify.annotations.NullMarked;
