/** A web application that records what happens in it. */
@NullMarked
package com.example.boot;

import org.jspecify.annotations.NullMarked;
